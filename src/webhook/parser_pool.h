#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "event/event_json.h"
#include "support/mutex.h"

namespace footfall {

// ParserPool: as many EventParsers as requests are parsed at the same moment, each used again and
// again, so that its buffers and dictionaries stay warm.
// Threads: all members, any thread.   Bounds: one parser a reactor.
// Cost: one uncontended lock to borrow, one to give back.
class ParserPool {
  public:
    explicit ParserPool(EventParserOptions options) : options_(std::move(options)) {}

    // A parser for as long as it lives.
    class Loan {
      public:
        explicit Loan(ParserPool& pool) : pool_(pool), parser_(pool.take()) {}
        ~Loan() { pool_.giveBack(std::move(parser_)); }
        Loan(const Loan&) = delete;
        Loan& operator=(const Loan&) = delete;
        EventParser* operator->() { return parser_.get(); }

      private:
        ParserPool& pool_;
        std::unique_ptr<EventParser> parser_;
    };

  private:
    std::unique_ptr<EventParser> take();
    void giveBack(std::unique_ptr<EventParser> parser);

    const EventParserOptions options_;
    Mutex mutex_;
    std::vector<std::unique_ptr<EventParser>> idle_ GUARDED_BY(mutex_);
};

}  // namespace footfall
