"""Who learns in which wave: the order is drawn within each unit, from a seed that was published before."""
