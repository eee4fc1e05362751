"""Kulldorff's scan: circles in space, windows in time, replications under the null hypothesis."""

from risk.scan.clusters import Cluster
from risk.scan.period import Period, cut, longest_window, whole
from risk.scan.reading import read_study
from risk.scan.replications import ScanCancelled
from risk.scan.satscan_files import ScanFileError
from risk.scan.scan import ScanResult, ScanSettings, scan
from risk.scan.study import Study, bernoulli_study, permutation_study, poisson_study

__all__ = [
    "Cluster",
    "Period",
    "ScanCancelled",
    "ScanFileError",
    "ScanResult",
    "ScanSettings",
    "Study",
    "bernoulli_study",
    "cut",
    "longest_window",
    "permutation_study",
    "poisson_study",
    "read_study",
    "scan",
    "whole",
]
