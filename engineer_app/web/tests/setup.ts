/** Every test file has an empty IndexedDB of its own. */
import "fake-indexeddb/auto";
