#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/random.h"

namespace footfall {

// MemoryDisk: what a disk holds and what only the memory above it knows yet, so that a test can
// pull the plug. Folders exist by themselves; names are whole paths.
// Model: a file's bytes are safe after its sync. Of what was not synced each page of 4 KiB is, on
//   its own, on the disk, not there, or torn at any byte, behind which stands what was there before
//   or garbage; the size is the old or the new one. Names are safe after the sync of their folder;
//   of the changes after it the first n are there, as on a file system with a journal. A failed
//   sync takes what was written for clean: the next one succeeds and those bytes are not safe all
//   the same (fsyncgate).
// Threads: one at a time.   Source: SQLite's test6.c; lwn.net/Articles/752063 (fsyncgate).
class MemoryDisk {
  public:
    struct Node {
        std::string bytes;            // as every reader sees them
        std::string synced;           // as they are after a power loss at least
        std::size_t allocated = 0;    // room taken, at least the size
        std::set<std::size_t> dirty;  // pages that the next sync brings to the disk
    };
    using NodePointer = std::shared_ptr<Node>;  // shared: open files and several names of one

    // What a loss of power did to what was not synced.
    struct Losses {
        std::size_t pages_dropped = 0;
        std::size_t pages_torn = 0;
        std::size_t pages_garbled = 0;
        std::size_t names = 0;  // files made, renamed or removed
    };

    NodePointer find(const std::string& path) const {
        const auto found = names_.find(path);
        return found == names_.end() ? nullptr : found->second;
    }
    std::vector<std::string> namesIn(const std::string& folder) const {
        std::vector<std::string> names;
        for (const auto& [path, node] : names_)
            if (folderOf(path) == folder) names.push_back(path.substr(path.rfind('/') + 1));
        return names;
    }
    std::size_t used() const {
        std::set<const Node*> nodes;
        std::size_t sum = 0;
        for (const auto& [path, node] : names_)
            if (nodes.insert(node.get()).second)
                sum += std::max(node->allocated, node->bytes.size());
        return sum;
    }

    NodePointer create(const std::string& path) {
        const auto node = std::make_shared<Node>();
        change({{path, node}});
        return node;
    }
    void remove(const std::string& path) { change({{path, nullptr}}); }
    void rename(const std::string& from, const std::string& to) {
        change({{from, nullptr}, {to, names_[from]}});
    }
    void link(const std::string& from, const std::string& to) { change({{to, names_[from]}}); }

    static void write(Node& node, std::size_t offset, std::string_view bytes) {
        if (bytes.empty()) return;
        if (node.bytes.size() < offset + bytes.size())
            node.bytes.resize(offset + bytes.size(), '\0');
        node.bytes.replace(offset, bytes.size(), bytes);
        for (std::size_t page = offset / kPageBytes; page * kPageBytes < offset + bytes.size();
             ++page)
            node.dirty.insert(page);
    }
    static void sync(Node& node) {
        node.synced.resize(node.bytes.size(), '\0');
        for (const std::size_t page : node.dirty) {
            const std::size_t at = page * kPageBytes;
            if (at < node.bytes.size())
                node.synced.replace(at, kPageBytes, node.bytes, at, kPageBytes);
        }
        node.dirty.clear();
    }
    static void failSync(Node& node) { node.dirty.clear(); }
    void syncFolder(const std::string& folder) {
        std::erase_if(changes_, [&](const Change& change) {
            if (folderOf(change.front().first) != folder) return false;
            apply(change, synced_names_);
            return true;
        });
    }

    Losses losePower(Random& random) {
        const std::size_t kept = random.below(changes_.size() + 1);
        Losses losses{.names = changes_.size() - kept};
        for (std::size_t i = 0; i < kept; ++i) apply(changes_[i], synced_names_);
        changes_.clear();
        names_ = synced_names_;
        std::set<const Node*> done;
        for (const auto& [path, node] : names_)
            if (done.insert(node.get()).second) loseUnsynced(*node, random, losses);
        return losses;
    }

  private:
    using Names = std::map<std::string, NodePointer>;
    // All of it happens or nothing. A name without a node: gone.
    using Change = std::vector<std::pair<std::string, NodePointer>>;
    static constexpr std::size_t kPageBytes = 4096;

    static std::string folderOf(const std::string& path) {
        const std::size_t slash = path.rfind('/');
        return slash == std::string::npos ? "." : path.substr(0, slash);
    }
    static void apply(const Change& change, Names& names) {
        for (const auto& [path, node] : change)
            if (node)
                names[path] = node;
            else
                names.erase(path);
    }
    void change(Change change) {
        apply(change, names_);
        changes_.push_back(std::move(change));
    }
    static void loseUnsynced(Node& node, Random& random, Losses& losses) {
        if (node.bytes != node.synced) {
            std::string now = std::move(node.bytes);
            std::string left = node.synced;
            left.resize(random.chance(0.5) ? now.size() : left.size(), '\0');
            now.resize(left.size(), '\0');
            for (std::size_t page = 0; page < left.size(); page += kPageBytes)
                losePage(left, now, page, random, losses);
            node.bytes = std::move(left);
        }
        node.synced = node.bytes;
        node.allocated = node.bytes.size();
        node.dirty.clear();
    }

    // Of the page's bytes between the first and the last that differ, which were written and not
    // synced, some come to be in `left`. What was safe beside them stays.
    static void losePage(std::string& left, std::string_view now, std::size_t page, Random& random,
                         Losses& losses) {
        std::size_t begin = page;
        std::size_t end = std::min(page + kPageBytes, left.size());
        while (begin < end && left[begin] == now[begin]) ++begin;
        while (begin < end && left[end - 1] == now[end - 1]) --end;
        if (begin == end) return;
        const std::uint64_t fate = random.below(8);
        if (fate < 2) {
            ++losses.pages_dropped;
            return;
        }
        const bool torn = fate < 6;
        const std::size_t written = torn ? random.below(end - begin) : end - begin;
        left.replace(begin, written, now, begin, written);
        if (!torn) return;
        ++(fate == 5 ? losses.pages_garbled : losses.pages_torn);
        if (fate != 5) return;
        for (std::size_t at = begin + written; at < end; ++at)
            left[at] = static_cast<char>(random.next());
    }

    Names names_;
    Names synced_names_;
    std::vector<Change> changes_;  // of names, not yet synced, in order
};

}  // namespace footfall
