#include "report/comparand.h"

namespace footfall {
namespace {

Result<std::optional<Comparand>> previousOf(const ReportParameters& parameters) {
    if (!parameters.from || !parameters.to)
        return fail(Code::kInvalidArgument, "compare: previous needs from and to");
    Comparand comparand{.with = ComparedWith::kPrevious, .parameters = parameters};
    comparand.parameters.from = *parameters.from - (*parameters.to - *parameters.from);
    comparand.parameters.to = parameters.from;
    return comparand;
}

// Everybody, from whom this group is then taken away. Of several attributes the first one makes
// the group; the others hold for both sides.
Result<std::optional<Comparand>> everybodyOf(const ReportParameters& parameters) {
    Comparand comparand{.with = ComparedWith::kOthers, .parameters = parameters};
    for (auto* attribute : {&comparand.parameters.city, &comparand.parameters.device,
                            &comparand.parameters.channel}) {
        if (!*attribute) continue;
        attribute->reset();
        return comparand;
    }
    return fail(Code::kInvalidArgument, "compare: others needs city, device or channel");
}

}  // namespace

bool ComparisonAsked::namesOther() const {
    return other.from || other.to || other.city || other.device || other.channel;
}

Result<std::optional<Comparand>> comparandOf(const ReportParameters& parameters,
                                             const ComparisonAsked& asked) {
    const ReportParameters& other = asked.other;
    if (asked.with && asked.namesOther())
        return fail(Code::kInvalidArgument,
                    "compare: give this or compare_from, compare_city and the like, not both");
    if (asked.with == ComparedWith::kPrevious) return previousOf(parameters);
    if (asked.with == ComparedWith::kOthers) return everybodyOf(parameters);
    if (!asked.namesOther()) return std::nullopt;
    if (other.from && other.to && *other.from >= *other.to)
        return fail(Code::kInvalidArgument, "compare_to: must be after compare_from");

    Comparand comparand{.with = ComparedWith::kAsked, .parameters = parameters};
    if (other.from || other.to) {
        comparand.parameters.from = other.from;
        comparand.parameters.to = other.to;
    }
    if (other.city) comparand.parameters.city = other.city;
    if (other.device) comparand.parameters.device = other.device;
    if (other.channel) comparand.parameters.channel = other.channel;
    return comparand;
}

}  // namespace footfall
