#include "webhook/parser_pool.h"

#include "support/random.h"

namespace footfall {

std::unique_ptr<EventParser> ParserPool::take() {
    {
        const MutexLock lock(mutex_);
        if (!idle_.empty()) {
            auto parser = std::move(idle_.back());
            idle_.pop_back();
            return parser;
        }
    }
    return std::make_unique<EventParser>(options_, randomSeed());
}

void ParserPool::giveBack(std::unique_ptr<EventParser> parser) {
    const MutexLock lock(mutex_);
    idle_.push_back(std::move(parser));
}

}  // namespace footfall
