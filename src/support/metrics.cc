#include "support/metrics.h"

#include <fmt/format.h>
#include <prometheus/text_serializer.h>

namespace footfall {

prometheus::Counter& Metrics::counter(std::string_view name, std::string_view help,
                                      const Labels& labels) {
    auto& family = prometheus::BuildCounter()
                       .Name(fmt::format("footfall_{}", name))
                       .Help(std::string(help))
                       .Register(registry_);
    return family.Add(labels);
}

prometheus::Gauge& Metrics::gauge(std::string_view name, std::string_view help,
                                  const Labels& labels) {
    auto& family = prometheus::BuildGauge()
                       .Name(fmt::format("footfall_{}", name))
                       .Help(std::string(help))
                       .Register(registry_);
    return family.Add(labels);
}

std::string Metrics::render() const {
    return prometheus::TextSerializer().Serialize(registry_.Collect());
}

}  // namespace footfall
