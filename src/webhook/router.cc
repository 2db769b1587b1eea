#include "webhook/router.h"

#include <utility>

#include "support/check.h"

namespace footfall {

void Router::add(std::string_view method, std::string_view path, HttpServer::Handler handler) {
    CHECK(find(method, path) == nullptr, "a route is added once");
    routes_.push_back({std::string(path), std::string(method), std::move(handler)});
}

void Router::handle(HttpRequest&& request, HttpServer::Respond respond) const {
    const std::string_view target = request.target;
    std::string decoded;
    std::string_view path = target.substr(0, target.find('?'));
    if (path.find('%') != std::string_view::npos) {
        auto split = splitTarget(path);
        if (!split) return respond(errorResponse(400, "malformed_request", split.error().what));
        decoded = std::move(split->path);
        path = decoded;
    }
    const Route* route = find(request.method == "HEAD" ? "GET" : request.method, path);
    if (route == nullptr) return respond(refusal(path));
    route->handler(std::move(request), std::move(respond));
}

const Router::Route* Router::find(std::string_view method, std::string_view path) const {
    for (const Route& route : routes_)
        if (route.path == path && route.method == method) return &route;
    return nullptr;
}

HttpResponse Router::refusal(std::string_view path) const {
    std::string allowed;
    for (const Route& route : routes_) {
        if (route.path != path) continue;
        if (!allowed.empty()) allowed += ", ";
        allowed += route.method == "GET" ? "GET, HEAD" : route.method;
    }
    if (allowed.empty()) return errorResponse(404, "not_found", "there is nothing at this path");
    HttpResponse response =
        errorResponse(405, "method_not_allowed", "this path takes other methods: " + allowed);
    response.headers.emplace_back("Allow", allowed);
    return response;
}

}  // namespace footfall
