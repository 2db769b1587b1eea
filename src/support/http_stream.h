#pragma once

#include <functional>
#include <memory>
#include <string>

#include "support/mutex.h"

namespace footfall {

// HttpStream: the body of an answer that is made while it is sent: whoever makes it offers one
// piece after the other, until the client goes or the server stops; then the connection lets go of
// the stream. So the maker keeps a weak_ptr, and one that has expired says that nobody reads.
// Threads: all members, any thread.   Blocks: never.
// Bounds: one piece. A newer one takes the place of one that a slow client has not begun to take,
//   so each must be whole by itself.
class HttpStream {
  public:
    // Shared by the streams that it goes to.
    using Piece = std::shared_ptr<const std::string>;

    void offer(Piece piece);

    // For the connection: `call` is called when there is something to take again.
    void onPiece(std::function<void()> call);
    // Null when there is none.
    Piece take();

  private:
    Mutex mutex_;
    Piece waiting_ GUARDED_BY(mutex_);
    std::function<void()> on_piece_ GUARDED_BY(mutex_);
};

}  // namespace footfall
