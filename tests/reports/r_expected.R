# Writes what R says about the tests' inputs, for statistics_test.cc and retentioneering_test.cc:
#   Rscript tests/reports/r_expected.R > tests/reports/r_expected.txt
# Lines: the name of a statistic, its inputs, "=", its value with 17 digits. Needs nothing but base R.

whole <- function(x) format(x, scientific = FALSE, trim = TRUE)
line <- function(...) cat(..., "\n", sep = " ")
digits <- function(x) formatC(x, digits = 17, format = "g", flag = "#")

wilson <- function(x, n) {
  # Without continuity correction prop.test's interval of one proportion is Wilson's.
  ci <- suppressWarnings(prop.test(x, n, correct = FALSE))$conf.int
  line("wilson", whole(x), whole(n), "=", digits(ci[1]), digits(ci[2]))
}

expected_cells <- function(x1, n1, x2, n2)
  outer(c(n1, n2), c(x1 + x2, n1 + n2 - x1 - x2)) / (n1 + n2)

p_of <- function(x1, n1, x2, n2) {
  if (min(expected_cells(x1, n1, x2, n2)) < 5)
    fisher.test(matrix(c(x1, n1 - x1, x2, n2 - x2), 2))$p.value
  else
    suppressWarnings(prop.test(c(x1, x2), c(n1, n2), correct = FALSE)$p.value)
}

p_value <- function(x1, n1, x2, n2)
  line("p_value", whole(c(x1, n1, x2, n2)), "=", digits(p_of(x1, n1, x2, n2)))

for (n in c(1, 2, 30, 100, 28101, 200000))
  for (share in c(0.01, 0.027, 0.3, 0.5, 0.99)) {
    x <- round(n * share)
    if (x > 0 && x < n) wilson(x, n)
  }

# Above and below the border of expected cells, few and many, near and far.
for (case in list(
    c(6, 30, 100, 400), c(5, 30, 64, 400), c(0, 30, 3, 1000), c(30, 30, 3, 40), c(1, 31, 5000, 200000),
    c(12, 500, 5457, 199500), c(377, 11008, 5092, 188992), c(118, 6401, 5351, 193599), c(3, 40, 9, 40),
    c(1, 1000000, 0, 7), c(25, 50, 25, 50), c(4, 2000, 900, 100000), c(20, 300, 900, 40000)))
  p_value(case[1], case[2], case[3], case[4])

adjust <- function(p) line("adjust", digits(p), "=", digits(p.adjust(p, "BH")))
adjust(c(0.01, 0.02, 0.03, 0.04, 0.05))
adjust(c(0.9, 0.001, 0.5, 0.001, 0.04, 1))
adjust(0.2)

# Shapley values of a product's factors, as the mean over all orders in which they can be changed. Inputs: the factors here,
# then those there.
orders_of <- function(x) if (length(x) < 2) list(x) else
  do.call(c, lapply(seq_along(x), function(i) lapply(orders_of(x[-i]), function(rest) c(x[i], rest))))
shapley <- function(here, there) {
  parts <- numeric(length(here))
  orders <- orders_of(seq_along(here))
  for (order in orders) {
    now <- there
    for (i in order) {
      before <- prod(now)
      now[i] <- here[i]
      parts[i] <- parts[i] + prod(now) - before
    }
  }
  line("shapley", digits(c(here, there)), "=", digits(100 * parts / length(orders)))
}
shapley(0.3, 0.2)
shapley(c(0.9, 0.5), c(0.95, 0.6))
shapley(c(0.98, 0.6, 0.66, 0.24, 0.57, 0.85), c(0.97, 0.598, 0.665, 0.238, 0.575, 0.58))
shapley(c(1, 0, 0.5), c(1, 0.4, 0.5))
shapley(c(0.2, 0.9, 0.4, 0.7, 0.1), c(0.8, 0.1, 0.4, 0.6, 0.9))

# Groups of a beta-binomial model. The spread is Pearson's statistic of one common rate, as glm() has it; the correlation that
# gives it on average, and the rates drawn by it. Inputs: buyers and users by turns.
shrink <- function(x, n) {
  common <- glm(cbind(x, n - x) ~ 1, family = binomial)
  mean <- sum(x) / sum(n)
  pearson <- sum(residuals(common, type = "pearson")^2)
  correlation <- (pearson - (length(x) - 1)) / sum((1 - n / sum(n)) * (n - 1))
  correlation <- min(1, max(0, correlation))
  drawn <- if (correlation == 0) rep(mean, length(x)) else {
    prior <- (1 - correlation) / correlation
    (x + prior * mean) / (n + prior)
  }
  line("shrinkage", whole(as.vector(rbind(x, n))), "=", digits(c(mean, correlation, drawn)))
}
shrink(c(80, 68, 76, 9, 2), c(2800, 2500, 1100, 900, 60))
shrink(c(5, 5, 5), c(100, 100, 100))
shrink(c(1, 0, 30, 400), c(1, 2, 60, 20000))
shrink(c(0, 50), c(50, 51))
shrink(c(300, 280, 310, 7), c(10000, 9000, 11000, 40))

# The real data: acquisition_channel in the place of the city.
events <- read.csv("tests/data/retentioneering_ecom.csv")
events <- events[events$event %in% c("catalog", "add_to_cart", "cart", "purchase"), ]
channel <- tapply(events$acquisition_channel, events$user_id, function(x) x[1])
bought <- tapply(events$event == "purchase", events$user_id, any)
names_of <- sort(unique(channel))
users <- sapply(names_of, function(c) sum(channel == c))
buyers <- sapply(names_of, function(c) sum(bought[channel == c]))
p <- mapply(function(x, n) p_of(x, n, sum(buyers) - x, sum(users) - n), buyers, users)
adjusted <- p.adjust(p, "BH")
for (i in seq_along(names_of)) {
  ci <- prop.test(buyers[i], users[i], correct = FALSE)$conf.int
  line("channel", names_of[i], users[i], buyers[i], "=", digits(100 * buyers[i] / users[i]),
       digits(100 * ci[1]), digits(100 * ci[2]), digits(p[i]), digits(adjusted[i]))
}
