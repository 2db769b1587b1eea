// jemalloc reads this name when the process starts; MALLOC_CONF in the environment still wins.
// Half a second after a burst its memory is the system's again, given back by a thread of
// jemalloc's own: RSS follows what is in use, and no request pays for it.
// On huge pages where the system gives them on request: the journey index and the filters of ids
// are looked up all over a gigabyte, where small pages miss the TLB as well as the cache.
extern "C" const char* malloc_conf;
const char* malloc_conf = "thp:always,background_thread:true,dirty_decay_ms:500,muzzy_decay_ms:0";
