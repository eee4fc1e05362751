"""Documents that leave the product: made of what `data` hands out, printed or saved as they are."""
