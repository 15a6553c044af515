"""The same over JSON. A new part is a module here with ``open_doors(door)``, named in `console.door.PARTS`."""
