#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/http.h"

namespace footfall {

// Router: finds the handler for a request by its path and method; answers 404, 405 with Allow, and
// HEAD wherever there is a GET.
// Threads: add() before the server starts; handle() any thread.
// Order: a linear search; what is asked for most is added first.
class Router {
  public:
    // `path` as decoded and without the query, "/api/v1/audit". REQUIRES: not added before.
    void add(std::string_view method, std::string_view path, HttpServer::Handler handler);
    void handle(HttpRequest&& request, HttpServer::Respond respond) const;

  private:
    struct Route {
        std::string path;
        std::string method;
        HttpServer::Handler handler;
    };
    const Route* find(std::string_view method, std::string_view path) const;
    HttpResponse refusal(std::string_view path) const;

    std::vector<Route> routes_;
};

}  // namespace footfall
