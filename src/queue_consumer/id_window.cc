#include "queue_consumer/id_window.h"

#include <utility>

namespace footfall {

void IdWindow::clear() {
    young_ = IdSet();
    sealed_.clear();
    const MutexLock lock(mutex_);
    waiting_.clear();
}

void IdWindow::find(std::span<IdLookup> lookups) const {
    for (const IdLookup& lookup : lookups) {
        young_.prefetch(lookup.entry);
        for (const auto& generation : sealed_) generation->ids.prefetch(lookup.entry);
    }
    for (IdLookup& lookup : lookups) {
        const IdEntry* known = young_.find(lookup.entry);
        for (const auto& generation : sealed_)
            if (known == nullptr) known = generation->ids.find(lookup.entry);
        if (known == nullptr) continue;
        lookup.found = true;
        lookup.payload_hash = known->payload_hash;
    }
}

bool IdWindow::seal(SequenceNumber covered) {
    const MutexLock lock(mutex_);
    while (sealed_.size() > waiting_.size()) sealed_.pop_front();
    if (generations() == generations_max_) return false;
    sealed_.push_back(std::make_shared<const IdGeneration>(
        IdGeneration{.ids = std::exchange(young_, IdSet()), .covered = covered}));
    waiting_.push_back(sealed_.back());
    return true;
}

std::size_t IdWindow::ids() const {
    std::size_t sum = young_.size();
    for (const auto& generation : sealed_) sum += generation->ids.size();
    return sum;
}

std::shared_ptr<const IdGeneration> IdWindow::toArchive() const {
    const MutexLock lock(mutex_);
    return waiting_.empty() ? nullptr : waiting_.front();
}

void IdWindow::archived() {
    const MutexLock lock(mutex_);
    waiting_.pop_front();
}

std::size_t IdWindow::waitingIds() const {
    const MutexLock lock(mutex_);
    std::size_t sum = 0;
    for (const auto& generation : waiting_) sum += generation->ids.size();
    return sum;
}

}  // namespace footfall
