"""The nets, as plain torch modules: shapes in, shapes out; they know no files and no pictures."""
