import module from 'node:module';

// A start is mostly compiling code. What V8 has compiled is kept in the system's folder for temporary files (or
// NODE_COMPILE_CACHE), so that the next start is faster; where that cannot be written, nothing changes.
// Not a named import: an older Node must get as far as saying that it is too old.
module.enableCompileCache?.();
