using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Fleet.Integration.Tests.StateManager;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Alerts.Sources;
using Fleet.Observability.Anomalies;
using Microsoft.Extensions.DependencyInjection;

namespace Fleet.Integration.Tests.Observability.Budgets;

/// <summary>Budgets from their objects to their status, on a real PostgreSQL and the embedded management API.</summary>
public sealed class BudgetTests(BudgetEnvironment environment) : IClassFixture<BudgetEnvironment>
{
    private const string Own = BudgetEnvironment.Namespace;

    private static readonly DateOnly October = new(2026, 10, 1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_budget_says_what_is_spent_and_goes_on_through_everything()
    {
        await environment.ClusterAsync(Own, "web");
        await environment.ClusterAsync("team-b", "other");
        // To noon of today: 45 whole days and half of one.
        await environment.SpendAsync($"{Own}/web", October, 46, day => new Dictionary<string, double> { ["shop"] = 6, ["batch"] = day.Day == 10 ? 12 : 2 }, hours: 12);
        await environment.SpendAsync("team-b/other", October, 46, _ => new Dictionary<string, double> { ["shop"] = 10 }, hours: 12);

        // A team sees its own clusters; the system namespace sees all of them. A day of a cluster is its node, whatever its workloads pay.
        await environment.BudgetAsync(Own, "all", """{"period":"Monthly","amount":400,"currency":"EUR"}""");
        await environment.BudgetAsync("kcm-system", "fleet", """{"period":"Monthly","amount":10000,"currency":"EUR"}""");
        await environment.BudgetAsync(Own, "shop", """{"period":"Monthly","amount":100,"currency":"EUR","filter":"namespace:\"shop\"","idle":"Excluded"}""");
        await environment.BudgetAsync(Own, "dollars", """{"period":"Monthly","amount":100,"currency":"USD"}""");
        await environment.BudgetAsync(Own, "wrong", """{"period":"Monthly","amount":100,"currency":"EUR","filter":"namespace:shop"}""");

        // The newest days are added up first: the month may be known before the forecast has the one before it.
        var all = await environment.StatusAsync(
            Own, "all", status => (decimal?)status["spent"] == 360m && (decimal?)status["forecast"]?["amount"] == 720m && (string?)status["forecast"]?["method"] == "Weekday", "has spent 15 days at 24");
        Assert.Equal(("AtRisk", 40m, 720m, "Weekday"), ((string?)all["state"], (decimal)all["remaining"]!, (decimal)all["forecast"]!["amount"]!, (string?)all["forecast"]!["method"]));
        Assert.Equal([true, false, true], Thresholds(all, "at"));
        Assert.Equal([true, false, true], Thresholds(all, "crossed"));
        Assert.Equal(("True Succeeded", "True Succeeded", "False ThresholdCrossed"), (Condition(all, "Ready"), Condition(all, "CostsComplete"), Condition(all, "OnTrack")));
        await environment.StatusAsync("kcm-system", "fleet", status => (decimal?)status["spent"] == 720m && (string?)status["state"] == "OnTrack", "counts both clusters");
        await environment.StatusAsync(Own, "shop", status => (decimal?)status["spent"] == 90m && (string?)status["state"] == "AtRisk", "counts what its filter lets through");
        var dollars = await environment.StatusAsync(Own, "dollars", status => Condition(status, "CostsKnown") == "False CurrencyDiffers", "compares no euros with dollars");
        Assert.Equal(("Unknown", null), ((string?)dollars["state"], dollars["spent"]));
        var wrong = await environment.StatusAsync(Own, "wrong", status => Condition(status, "CostsKnown") == "False InvalidFilter", "says where its filter is wrong");
        Assert.Contains("position 10", wrong["conditions"]!.ToJsonString(), StringComparison.Ordinal);

        // Each threshold is told once, and a look that finds the same writes nothing.
        await StateManagerEnvironment.EventuallyAsync(() => EventsAsync("all"), events => events == "Actual80 Forecast100", "events of the thresholds");
        // The round that the first figures are of is over with the next one.
        await LookAgainAsync();
        var version = await VersionAsync("all");
        await LookAgainAsync();
        Assert.Equal(version, await VersionAsync("all"));

        // The database goes away: what was known stays, and it is said.
        await environment.KillDatabaseAsync();
        environment.Clock.Advance(TimeSpan.FromMinutes(20));
        var away = await environment.StatusAsync(Own, "all", status => Condition(status, "CostsKnown") == "Unknown LedgerUnavailable", "says that the ledger is away");
        Assert.Equal((360m, "False ThresholdCrossed"), ((decimal)away["spent"]!, Condition(away, "OnTrack")));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await environment.Rest.GetAsync("/api/v1/costs/summary", Cancel)).StatusCode);

        // Another process finds the database again; times of thresholds are those of before, and nothing is told twice.
        await environment.StopAsync();
        await environment.StartDatabaseAsync();
        await environment.StartAsync();
        var back = await environment.StatusAsync(Own, "all", status => Condition(status, "CostsKnown") == "True Succeeded", "knows again");
        Assert.True(JsonNode.DeepEquals(all["thresholds"], back["thresholds"]), back["thresholds"]!.ToJsonString());
        Assert.Equal("Actual80 Forecast100", await EventsAsync("all"));

        // More comes, of a part without a price: another day is added up, and the gap is named.
        await environment.SpendAsync($"{Own}/web", new(2026, 11, 16), 2, _ => new Dictionary<string, double> { ["shop"] = 6 }, missing: Cost.Allocations.MissingPrice.Gpu);
        environment.Clock.Advance(TimeSpan.FromDays(2));
        // A round that was under way waits from now on, by a clock that stands.
        environment.Days.Wake();
        var later = await environment.StatusAsync(Own, "all", status => (decimal?)status["spent"] == 408m, "has the new days");
        Assert.Equal(("Exceeded", "False PriceMissing"), ((string?)later["state"], Condition(later, "CostsComplete")));
        // The summary tells this amount.
        var stale = await environment.StatusAsync("kcm-system", "fleet", status => (decimal?)status["spent"] == 768m && Condition(status, "CostsComplete") != "True Succeeded", "is late");
        Assert.Contains("not looked at for an hour or more: team-b/other", stale["conditions"]!.ToJsonString(), StringComparison.OrdinalIgnoreCase);

        // Another amount begins anew; a deleted budget is gone, and holds nothing up.
        await environment.BudgetAsync(Own, "all", """{"period":"Monthly","amount":5000,"currency":"EUR"}""");
        await environment.StatusAsync(Own, "all", status => (string?)status["state"] == "OnTrack" && status["thresholds"]!.AsArray().All(one => one!["at"] is null), "is another budget");
        await environment.DeleteBudgetAsync(Own, "shop");
        await LookAgainAsync();
        Assert.Null(await environment.BudgetAsync(Own, "shop"));
        await RestAsync();
    }

    private async Task RestAsync()
    {
        var budgets = (await environment.Rest.GetFromJsonAsync<JsonObject>("/api/v1/costs/budgets", Cancel))!["items"]!.AsArray();
        var own = budgets.Single(budget => (string?)budget!["name"] == "all")!;
        Assert.Equal((5000m, 408m, 17, 24m, "actual"), ((decimal)own["amount"]!, (decimal)own["spent"]!, own["series"]!.AsArray().Count, (decimal)own["series"]![0]!["amount"]!, (string?)own["thresholds"]![0]!["kind"]));

        var summary = (await environment.Rest.GetFromJsonAsync<JsonObject>("/api/v1/costs/summary", Cancel))!;
        // 17 days of one cluster and 15 of the other.
        Assert.Equal(("EUR", 768m, 1488m), ((string?)summary["currency"], (decimal)summary["monthToDate"]!, (decimal)summary["lastMonth"]!));
        Assert.Equal((true, 10000m, 768m), ((bool)summary["forecast"]!["enoughHistory"]!, (decimal)summary["budget"]!["amount"]!, (decimal)summary["budget"]!["spent"]!));
        Assert.True((bool)summary["balanced"]!, summary.ToJsonString());
        Assert.Equal((false, null), ((bool)summary["simulated"]!, summary["savings"]));
        Assert.Equal(["gpu"], summary["missingPrices"]!.AsArray().Select(one => (string)one!));
        Assert.Equal($"{Own}/web", (string?)summary["clusters"]![0]!["cluster"]);
        Assert.Contains(summary["topMovers"]!.AsArray(), mover => (string?)mover!["kind"] == "namespace" && (string?)mover["name"] == "batch");
        var filtered = (await environment.Rest.GetFromJsonAsync<JsonObject>("/api/v1/costs/summary?filter=cluster:\"team-b/other\"", Cancel))!;
        Assert.Equal((360m, null), ((decimal)filtered["monthToDate"]!, filtered["budget"]));

        // The 10th of November was no cheaper for the cluster, but dear for its namespace: found, explained, and over since.
        // Since the 16th it is gone, and shop bears all of the idle: that is open, for the namespace and its team.
        environment.Clock.Advance(TimeSpan.FromHours(1));
        environment.Days.Wake();
        var anomalies = await StateManagerEnvironment.EventuallyAsync(
            async () => (await environment.Rest.GetFromJsonAsync<JsonObject>("/api/v1/costs/anomalies?state=all", Cancel))!["items"]!.AsArray(),
            found => found.Count(one => (string?)one!["state"] == "open") == 2, "anomalies of shop");
        var odd = anomalies.Single(one => (string?)one!["namespace"] == "batch")!;
        Assert.Equal(("2026-11-10", "closed", "high"), ((string?)odd["start"], (string?)odd["state"], (string?)odd["severity"]));
        var open = anomalies.Single(one => (string?)one!["namespace"] == "shop" && (string?)one["state"] == "open")!;
        Assert.Equal(("2026-11-16", 18m, 24m, "shop/deployment:web"), ((string?)open["start"], (decimal)open["expected"]!, (decimal)open["actual"]!, (string?)open["top"]![0]!["name"]));

        Assert.Equal(2, (int)(await environment.Rest.GetFromJsonAsync<JsonObject>("/api/v1/costs/summary", Cancel))!["openAnomalies"]!);

        // Rules of alerts are told as well, each namespace what its clusters cost.
        var alerts = new CostAnomalies(environment.Services.GetRequiredService<AnomalyStore>());
        Assert.Equal(
            [("namespace shop in team-a/web", "web", 6.0), ("team shop-team in team-a/web", "web", 6.0)],
            (await alerts.AskAsync(Question(6), Cancel)).Select(sample => (sample.Labels["series"], sample.Labels["cluster"], Math.Round(sample.Value, 3))).Order());
        Assert.Empty(await alerts.AskAsync(Question(7), Cancel));
        Assert.Empty(await alerts.AskAsync(Question(6) with { IsSystem = false }, Cancel));

        // Who caused it: all that is paid for is somebody's.
        var showback = (await environment.Rest.GetFromJsonAsync<JsonObject>("/api/v1/costs/showback?by=team&period=2026-11", Cancel))!;
        Assert.Equal((768m, 0m), ((decimal)showback["total"]!, (decimal)showback["unallocated"]!));
        Assert.Equal(["shop-team", "batch-team"], showback["items"]!.AsArray().Select(item => (string)item!["owner"]!));
        Assert.Equal(768m, showback["items"]!.AsArray().Sum(item => (decimal)item!["total"]!));
        // Of October's days an hour each is there: a rise would be none.
        Assert.Equal("""{"first":"2026-10-01","knownFrom":"2026-10-01","missingHours":690,"reason":"690 hours are missing"}""", showback["prior"]!.ToJsonString());
        Assert.All(showback["items"]!.AsArray(), item => Assert.Null(item!["change"]));
        Assert.StartsWith("period,currency,team,", await environment.Rest.GetStringAsync("/api/v1/costs/showback?period=2026-11&format=csv", Cancel), StringComparison.Ordinal);
        Assert.Contains("<caption>Costs by team, 2026-11", await environment.Rest.GetStringAsync("/api/v1/costs/showback?period=2026-11&format=html", Cancel), StringComparison.Ordinal);
        foreach (var path in new[] { "anomalies?state=odd", "showback?by=colour", "showback?format=pdf", "showback?period=2026-13" })
            Assert.Equal(HttpStatusCode.BadRequest, (await environment.Rest.GetAsync($"/api/v1/costs/{path}", Cancel)).StatusCode);

        // By objects: shop is a product, batch is borne by all, idle evenly, and a sum beside them.
        await environment.CategoryAsync("kcm-system", "products", """
            {"rules":[{"value":"shop","filter":"namespace:\"shop\""},{"value":"never","namespaces":["nowhere"]}],
             "shared":[{"name":"batch","filter":"namespace:\"batch\"","method":"Fixed","shares":[{"value":"shop","percent":75},{"value":"never","percent":25}]},{"name":"support","monthly":{"amount":30,"currency":"EUR"},"method":"Proportional"}]}
            """);
        var products = (await environment.Rest.GetFromJsonAsync<JsonObject>("/api/v1/costs/showback?by=category:products&period=2026-11", Cancel))!;
        Assert.Equal((768m + 17, 0m), ((decimal)products["total"]!, (decimal)products["unallocated"]!));
        Assert.Equal(["shop", "never"], products["items"]!.AsArray().Select(item => (string)item!["owner"]!));
        Assert.Equal(785m, products["items"]!.AsArray().Sum(item => (decimal)item!["total"]!));
        Assert.Equal(17m, (decimal)products["items"]![0]!["sharedBy"]!["support"]!);
        Assert.StartsWith("period,currency,category:products,", await environment.Rest.GetStringAsync("/api/v1/costs/showback?period=2026-11&format=csv&by=category:products", Cancel), StringComparison.Ordinal);
        var status = await environment.CategoryAsync("kcm-system", "products");
        Assert.Equal(("2026-11", 2, "True Succeeded", "True Succeeded"), ((string?)status["period"], (int)status["valueCount"]!, BudgetEnvironment.ConditionOf(status, "Ready"), BudgetEnvironment.ConditionOf(status, "Allocated")));
        // A team's own knows its own clusters only, and what it does not name is nobody's.
        await environment.CategoryAsync(Own, "own", """{"rules":[{"value":"batch","namespaces":["batch"]}]}""");
        var teams = (await environment.Rest.GetFromJsonAsync<JsonObject>($"/api/v1/costs/showback?by=category:{Own}/own&period=2026-11", Cancel))!;
        Assert.Equal(408m, (decimal)teams["total"]!);
        Assert.Equal(["batch", "__unallocated__"], teams["items"]!.AsArray().Select(item => (string)item!["owner"]!));
        Assert.Equal(["kcm-system products category:products", $"{Own} own category:{Own}/own"], (await CategoriesAsync(2)).Order(StringComparer.Ordinal));
        foreach (var path in new[] { "showback?by=category:none", "showback?by=category:products&shareSplit=even" })
            Assert.Equal(HttpStatusCode.BadRequest, (await environment.Rest.GetAsync($"/api/v1/costs/{path}", Cancel)).StatusCode);

        foreach (var query in new[] { "filter=namespace:shop", "colour=red" })
            Assert.Equal(HttpStatusCode.BadRequest, (await environment.Rest.GetAsync($"/api/v1/costs/summary?{query}", Cancel)).StatusCode);

        // Somebody who may see the costs and budgets of one namespace, and nobody.
        await environment.ApplyAsync($$$"""
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"finance","namespace":"team-b"},
             "rules":[{"apiGroups":["k0rdent.mirantis.com"],"resources":["clusterdeployments/costs"],"verbs":["get"]},{"apiGroups":["k0rdent.mirantis.com"],"resources":["budgets"],"verbs":["list"]}]}
            """);
        await environment.ApplyAsync($$$"""
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"finance","namespace":"team-b"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"finance"},
             "subjects":[{"kind":"ServiceAccount","name":"finance","namespace":"{{{Own}}}"}]}
            """);
        environment.Rest.DefaultRequestHeaders.Authorization = new("Bearer", await environment.TokenAsync("finance"));
        var limited = (await environment.Rest.GetFromJsonAsync<JsonObject>("/api/v1/costs/summary", Cancel))!;
        Assert.Equal((360m, null), ((decimal)limited["monthToDate"]!, limited["budget"]));
        Assert.Empty((await environment.Rest.GetFromJsonAsync<JsonObject>("/api/v1/costs/budgets", Cancel))!["items"]!.AsArray());
        Assert.InRange((decimal)(await environment.Rest.GetFromJsonAsync<JsonObject>("/api/v1/costs/showback?by=category:products&period=2026-11", Cancel))!["total"]!, 360, 377);
        Assert.Empty((await environment.Rest.GetFromJsonAsync<JsonObject>($"/api/v1/costs/showback?by=category:{Own}/own&period=2026-11", Cancel))!["items"]!.AsArray());
        // Dividing by a category needs no right on it, being told of it does: here first in no namespace, then in its own.
        Assert.Empty(await CategoriesAsync(0));
        await environment.ApplyAsync($$$"""
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"categories","namespace":"{{{Own}}}"},"rules":[{"apiGroups":["k0rdent.mirantis.com"],"resources":["costcategories"],"verbs":["list"]}]}
            """);
        await environment.ApplyAsync($$$"""
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"categories","namespace":"{{{Own}}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"categories"},
             "subjects":[{"kind":"ServiceAccount","name":"planning","namespace":"{{{Own}}}"}]}
            """);
        environment.Rest.DefaultRequestHeaders.Authorization = new("Bearer", await environment.TokenAsync("planning"));
        Assert.Equal([$"{Own} own category:{Own}/own"], await CategoriesAsync(1));
        environment.Rest.DefaultRequestHeaders.Authorization = null;
        foreach (var path in new[] { "summary", "budgets", "anomalies", "showback", "categories" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await environment.Rest.GetAsync($"/api/v1/costs/{path}", Cancel)).StatusCode);
    }

    /// <summary>Objects come by watch: waited for until there are so many.</summary>
    private async Task<IReadOnlyList<string>> CategoriesAsync(int count) => await StateManagerEnvironment.EventuallyAsync(
        async () => (IReadOnlyList<string>)[.. (await environment.Rest.GetFromJsonAsync<JsonObject>("/api/v1/costs/categories", Cancel))!["items"]!.AsArray()
            .Select(item => $"{(string?)item!["namespace"]} {(string?)item["name"]} {(string?)item["by"]}")],
        listed => listed.Count == count, $"{count} categories");

    /// <summary>Of the system namespace, which knows no cluster by itself.</summary>
    private SourceQuestion Question(decimal impact) => new(
        new("kcm-system", "costs", "CostAnomaly"), new() { Alert = "CostAnomaly", Anomaly = new() { MinimumImpact = impact } }, new Dictionary<ObjectKey, AlertedCluster>(), IsSystem: true, environment.Clock.GetUtcNow());

    private static string Condition(JsonObject status, string type) => BudgetEnvironment.ConditionOf(status, type);

    private static IEnumerable<bool> Thresholds(JsonObject status, string field) =>
        status["thresholds"]!.AsArray().Select(one => one![field] is { } value && (value.GetValueKind() != System.Text.Json.JsonValueKind.False));

    private async Task<string?> VersionAsync(string name) => (string?)(await environment.BudgetAsync(Own, name))!["metadata"]!["resourceVersion"];

    /// <summary>A budget that is new is looked at in the round that looks at all of them.</summary>
    private async Task LookAgainAsync()
    {
        var name = $"look-{Guid.NewGuid():N}"[..12];
        await environment.BudgetAsync("team-b", name, $$"""{"period":"Yearly","amount":1,"currency":"EUR","filter":"namespace:\"{{name}}\""}""");
        await environment.StatusAsync("team-b", name, status => (string?)status["state"] == "OnTrack", "is looked at");
        await environment.DeleteBudgetAsync("team-b", name);
    }

    private async Task<string> EventsAsync(string name)
    {
        // Events are paced by the clock, which stands.
        environment.Clock.Advance(TimeSpan.FromSeconds(1));
        return string.Join(' ', (await environment.ListAsync("events.k8s.io/v1", "Event", Own))
            .Where(one => (string?)one.Root["regarding"]?["name"] == name).Select(one => (string?)one.Root["action"]).Order(StringComparer.Ordinal));
    }
}
