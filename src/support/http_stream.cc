#include "support/http_stream.h"

#include <utility>

namespace footfall {

void HttpStream::offer(Piece piece) {
    std::function<void()> call;
    {
        const MutexLock lock(mutex_);
        if (!waiting_) call = on_piece_;
        waiting_ = std::move(piece);
    }
    if (call) call();
}

void HttpStream::onPiece(std::function<void()> call) {
    const MutexLock lock(mutex_);
    on_piece_ = std::move(call);
}

HttpStream::Piece HttpStream::take() {
    const MutexLock lock(mutex_);
    return std::exchange(waiting_, nullptr);
}

}  // namespace footfall
