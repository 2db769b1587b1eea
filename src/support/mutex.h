#pragma once

#include <condition_variable>
#include <mutex>

// std::mutex with clang's thread-safety annotations, which the tidy preset turns into errors.
// Source: clang.llvm.org/docs/ThreadSafetyAnalysis.html.
#if defined(__clang__)
#define FOOTFALL_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define FOOTFALL_THREAD_ANNOTATION(x)
#endif
#define CAPABILITY(x) FOOTFALL_THREAD_ANNOTATION(capability(x))
#define SCOPED_CAPABILITY FOOTFALL_THREAD_ANNOTATION(scoped_lockable)
#undef GUARDED_BY  // Abseil has it too, for the same attribute.
#define GUARDED_BY(x) FOOTFALL_THREAD_ANNOTATION(guarded_by(x))
#define REQUIRES(...) FOOTFALL_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define ACQUIRE(...) FOOTFALL_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define RELEASE(...) FOOTFALL_THREAD_ANNOTATION(release_capability(__VA_ARGS__))

namespace footfall {

class CAPABILITY("mutex") Mutex {
  public:
    void lock() ACQUIRE() { mutex_.lock(); }
    void unlock() RELEASE() { mutex_.unlock(); }

  private:
    std::mutex mutex_;
};

// Holds a Mutex for a scope. Meets BasicLockable, so a std::condition_variable_any can wait on it.
class SCOPED_CAPABILITY MutexLock {
  public:
    explicit MutexLock(Mutex& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
    ~MutexLock() RELEASE() { mutex_.unlock(); }
    MutexLock(const MutexLock&) = delete;
    MutexLock& operator=(const MutexLock&) = delete;

    // For condition_variable_any::wait only.
    void lock() ACQUIRE() { mutex_.lock(); }
    void unlock() RELEASE() { mutex_.unlock(); }

  private:
    Mutex& mutex_;
};

}  // namespace footfall
