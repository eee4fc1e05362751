"""Back-tests of the forecast, stored: what the product would have said week after week, beside what came.

`order` says what is tested, `blocks` learns and foretells, `outcomes` counts what came at a layer, `layer_test` puts
both together, `measured` measures, `run` does it all and can be broken off, `storage` keeps it, `reading` lets it out.
"""
