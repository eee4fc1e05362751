"""Letters (函) to units and whistles to departments: kinds, their life, numbers, and what is read of them."""
