"""The staff's pages. A new room is a module here with ``open_doors(door)``, named in `console.door.ROOMS`."""
