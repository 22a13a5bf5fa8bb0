using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;
using Fleet.Cost.Idle;
using Fleet.Cost.Invariant;
using Fleet.Cost.Pricing;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Yaml;
using Fleet.Observability.Days;
using Fleet.Observability.History;
using Fleet.Observability.Ingest.Tokens;
using Fleet.Observability.Ledger;
using Fleet.Observability.Recommendations.Advice;
using Fleet.Observability.Recommendations.Storage;
using Fleet.Rest;
using Fleet.Rest.Databases;
using Fleet.StateManager.Compliance.Storage;
using Fleet.StateManager.Drift.History;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Grains;
using Fleet.Testing.Servers;
using Npgsql;

namespace Fleet.Api.Tests.Tenants;

/// <summary>
/// Two namespaces, and of each kind of thing that the API tells about something in the one whose caller does not call. Its names and its contents are words
/// that stand nowhere else, so that one glance at an answer says whether anything came across.
/// </summary>
internal sealed class TwoTenants : IAsyncDisposable
{
    /// <summary>The name of everything of the other tenant; also part of the namespace's.</summary>
    public const string Name = "zebrafinch";

    /// <summary>In texts, labels and rows of the other tenant, and in no request.</summary>
    public const string Inner = "quetzalword";

    /// <summary>In rows of the caller.</summary>
    private const string Own = "ibisword";

    public const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    private TwoTenants(ApiHost host) => Host = host;

    public ApiHost Host { get; }

    /// <summary>The namespace of the caller.</summary>
    public string Mine => Host.Namespace;

    /// <summary>The other one.</summary>
    public string Theirs { get; private set; } = "";

    /// <summary>The caller's cluster, as sums name it.</summary>
    public string OwnCluster => $"{Mine}/mine";

    /// <summary>A number of the other tenant, which also sums show: what the caller's own adds to it is less than one.</summary>
    private const string Number = "777123777";

    /// <summary>Of the other's cluster, and <see cref="OwnCost"/> of the caller's, in the ledger.</summary>
    public const double TheirCost = 777123777;

    /// <inheritdoc cref="TheirCost"/>
    public const double OwnCost = 0.25;

    /// <summary>Of a recommendation for the other's cluster.</summary>
    public string Recommendation { get; private set; } = "";

    /// <summary>Of a token with which the other's cluster sends telemetry.</summary>
    public string TokenId { get; private set; } = "";

    /// <summary>Whether a text has in it what only the other tenant may see.</summary>
    public bool Shows(string text) =>
        text.Contains(Inner, StringComparison.Ordinal) || text.Contains(Number, StringComparison.Ordinal) || (TokenId.Length > 0 && text.Contains(TokenId, StringComparison.Ordinal));

    public static async Task<TwoTenants> StartAsync(string server, AdminApiOptions? options = null)
    {
        var database = await (await PrivatePostgres.SharedAsync()).NewDatabaseAsync();
        var tenants = new TwoTenants(await ApiHost.WithEverythingAsync(await ApiServers.SharedAsync(server), database, options));
        await tenants.RolesAsync();
        await tenants.FillAsync(database);
        return tenants;
    }

    /// <summary>A caller who is bound to one of Fleet's roles in their own namespace, or everywhere.</summary>
    public async Task<HttpClient> CallerAsync(string role, bool everywhere = false)
    {
        var account = $"{role}{(everywhere ? "-everywhere" : "")}";
        var token = await Host.TokenAsync(account);
        var (kind, place) = everywhere ? ("ClusterRoleBinding", "") : ("RoleBinding", $", namespace: {Mine}");
        await Host.ApplyAsync(
            $"{{apiVersion: rbac.authorization.k8s.io/v1, kind: {kind}, metadata: {{name: {account}-{Mine}{place}}}, roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: kcm-{role}-role}}, "
            + $"subjects: [{{kind: ServiceAccount, name: {account}, namespace: {Mine}}}]}}");
        return Host.Caller(token);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private async Task RolesAsync()
    {
        var roles = new ResourceKind("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", Namespaced: false);
        foreach (var role in KubernetesYaml.ReadAll(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "roles", "roles.yaml"))))
            await Host.Client.Dynamic(roles).ApplyAsync(role, new("fleet-seed") { Force = true }, default);
        await Wait.UntilAsync(
            async () =>
            {
                foreach (var name in (string[])["global-admin", "global-viewer", "namespace-admin", "namespace-editor", "namespace-viewer"])
                    if ((await Host.Client.Dynamic(roles).GetAsync(ObjectKey.Cluster($"kcm-{name}-role"), default))?.At("rules") is not JsonArray { Count: > 10 })
                        return false;
                return true;
            },
            "the roles are put together");
    }

    private async Task FillAsync(string database)
    {
        Theirs = $"{Name}-{Mine}";
        await Host.ApplyAsync($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {Theirs}}}}}");
        await Host.ClusterAsync("mine");
        await Host.ClusterAsync(Name, Theirs, labels: $"team: {Inner}", credential: $"{Inner}-credential");
        await Host.ClusterAsync("second", Theirs, labels: $"team: {Inner}");
        foreach (var (kind, spec) in ((string, string)[])[
            ("ClusterTemplate", $"{{helm: {{chartSpec: {{chart: {Inner}, version: 1.0.0, interval: 10m, sourceRef: {{kind: HelmRepository, name: {Inner}}}}}}}}}"),
            ("ServiceTemplate", $"{{helm: {{chartSpec: {{chart: {Inner}, version: 1.0.0, interval: 10m, sourceRef: {{kind: HelmRepository, name: {Inner}}}}}}}}}"),
            ("Credential", $"{{description: {Inner}, identityRef: {{apiVersion: v1, kind: Secret, name: {Inner}, namespace: {Theirs}}}}}"),
            ("ServiceSet", $"{{cluster: {Name}, provider: {{name: ksm-projectsveltos}}, services: [{{name: {Name}, namespace: {Name}, template: {Name}}}]}}"),
            ("AlertRule", $"{{rules: [{{alert: {Name}, cluster: {{condition: Ready}}, annotations: {{summary: {Inner}}}}}]}}"),
            ("Receiver", $"{{webhook: {{url: 'https://{Inner}.example/'}}}}"),
            ("Silence", $"{{matchers: ['alertname=\"{Name}\"'], startsAt: '2026-01-01T00:00:00Z', endsAt: '2099-01-01T00:00:00Z', comment: {Inner}, createdBy: {Inner}}}"),
            ("Budget", $"{{filter: 'namespace:\"{Inner}\"', period: Monthly, amount: 10, currency: EUR}}"),
            ("CostCategory", $"{{rules: [{{value: {Inner}, filter: 'namespace:\"{Inner}\"'}}]}}"),
        ])
            await Host.ApplyAsync($"{{apiVersion: k0rdent.mirantis.com/v1beta1, kind: {kind}, metadata: {{name: {Name}, namespace: {Theirs}, annotations: {{note: {Inner}}}}}, spec: {spec}}}");
        await Host.ApplyAsync(
            $"{{apiVersion: v1, kind: Event, metadata: {{name: {Name}, namespace: {Theirs}}}, involvedObject: {{apiVersion: k0rdent.mirantis.com/v1beta1, kind: ClusterDeployment, namespace: {Theirs}, name: {Name}}}, "
            + $"type: Normal, reason: Made, message: {Inner}, firstTimestamp: '2026-11-22T00:00:00Z', lastTimestamp: '{TimeProvider.System.GetUtcNow().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}', count: 1, source: {{component: test}}}}");
        var cluster = await Host.Client.Dynamic(FleetKinds.ClusterDeployments.Kind).GetAsync(new(Theirs, Name), default);
        await Host.StatusAsync(cluster!, new() { ["availableUpgrades"] = new JsonArray($"{Inner}-upgrade") });
        TokenId = (await Host.Service<TokenStore>().CreateAsync(new(Theirs, Name), default))!.Value.Token.Id;
        await RowsAsync(database);
    }

    private async Task RowsAsync(string database)
    {
        await using (await Host.Service<MigratedContexts<HistoryContext>>().OpenAsync(default))
        await using (await Host.Service<MigratedContexts<ComplianceContext>>().OpenAsync(default))
        {
        }

        // Makes its tables when it is asked for the first time.
        await Host.Service<PostgresDrift>().FindAsync(new(Theirs, Name), new(Name, Name), 1, default);
        var cluster = $"{Theirs}/{Name}";
        var advice = new Recommendation
        {
            Kind = "rightsize", Namespace = Inner, ObjectKind = "Deployment", ObjectName = Inner, Summary = Inner, Saving = new(TheirCost, 0, "EUR"),
            Claims = [],
        };
        Recommendation = advice.IdIn("uid-theirs");
        await Host.Service<RecommendationStore>().ReplaceAsync(KnownOwner.OfCosts(Theirs, Name), "uid-theirs", cluster, [advice], "{}", TimeProvider.System.GetUtcNow(), default);
        await SpendAsync("uid-mine", OwnCluster, Own, OwnCost);
        await SpendAsync("uid-theirs", cluster, Inner, TheirCost);
        // It looked before there was anything, and looks again after a minute.
        Host.Service<DayWake>().Wake();
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        foreach (var table in (string[])["logs", "spans"])
            await ExecuteAsync(connection, $"CREATE TABLE {table}_of_the_test PARTITION OF {table} DEFAULT");
        await ExecuteAsync(connection,
            $$"""
            INSERT INTO cost_anomalies (subject, cluster, name, currency, first_day, last_day, expected, actual, severity, top, opened_at)
                VALUES ('clusters', '{{cluster}}', '{{cluster}}', 'EUR', current_date, current_date, 1, 10, 1, '[]', now());
            INSERT INTO alert_deliveries (namespace, receiver, notification, title, alerts, at, outcome, attempt, milliseconds, message) VALUES ('{{Theirs}}', '{{Name}}', '{{Inner}}', '{{Inner}}', 1, now(), 'Delivered', 1, 1, '{{Inner}}');
            INSERT INTO service_drift (id, time, namespace, cluster, service_set, service_namespace, service, object_api_version, object_kind, object_namespace, object_name, is_missing, fields, action)
                VALUES (gen_random_uuid(), now(), '{{Theirs}}', '{{Name}}', '{{Name}}', '{{Name}}', '{{Name}}', 'v1', 'ConfigMap', '{{Inner}}', '{{Inner}}', false, ARRAY['{{Inner}}'], 'Corrected');
            INSERT INTO compliance_cluster VALUES ('{{Theirs}}', '{{Name}}', now(), NULL, ARRAY['policyreports'], 0) ON CONFLICT DO NOTHING;
            INSERT INTO compliance_policy VALUES ('{{Theirs}}', '{{Name}}', 'PolicyReport', '{{Inner}}', '{{Inner}}', '{{Inner}}', 1, {{Number}}, 0, 0, 0, 0);
            INSERT INTO compliance_finding VALUES ('{{Theirs}}', '{{Name}}', '{{Inner}}', 'PolicyReport', '{{Inner}}', '{{Inner}}', '{{Inner}}', 'fail', NULL, 'high', '', 'Pod', '{{Inner}}', '{{Inner}}');
            INSERT INTO compliance_trend VALUES ('{{Theirs}}', '{{Name}}', 'PolicyReport', '{{Inner}}', '{{Inner}}', current_date, 1, {{Number}}, 0, 0, 0, 0);
            INSERT INTO logs VALUES (now(), '{{Theirs}}', '{{Name}}', 'uid-theirs', '{{Inner}}', '{{Inner}}', '{{Inner}}', 9, 'INFO', '{{Inner}}', '\x{{TraceId}}', NULL, '', '{}', '{}');
            INSERT INTO spans VALUES (now(), 1000000, '{{Theirs}}', '{{Name}}', 'uid-theirs', '{{Inner}}', '{{Inner}}', '{{Inner}}', '\x{{TraceId}}', '\x00f067aa0ba902b7', NULL, '{{Inner}}', 1, 0, '', '', '{}', '{}', '[]', '[]');
            INSERT INTO alerts VALUES ('{{Inner}}', '{{Theirs}}', '{{Name}}', '{{Name}}', '{{Theirs}}', '{"alertname":"{{Name}}","cluster":"{{cluster}}"}', '{"summary":"{{Inner}}"}', 'Firing', now(), now(), NULL, NULL, 1, '{{Inner}}');
            """);
    }

    /// <summary>A machine that one workload takes as a whole, in the hour that has begun: that is of this day and of this month at any time.</summary>
    private async Task SpendAsync(string uid, string cluster, string word, double cost)
    {
        var now = TimeProvider.System.GetUtcNow();
        var start = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        var hour = new QueryWindow(start, start.AddHours(1));
        var assets = new AssetSet(hour, "EUR") { Nodes = [new() { Cluster = cluster, Name = word, ProviderId = word, Start = hour.Start, End = hour.End, CpuCoreHours = 1, CpuCost = cost }] };
        var workloads = new AllocationSet(hour, [new()
        {
            Name = $"{cluster}/{word}/{word}/{word}",
            Properties = new() { Cluster = cluster, Node = word, Namespace = word, ControllerKind = "deployment", Controller = word, Pod = word, Container = word },
            Window = hour, Start = hour.Start, End = hour.End, Cpu = new() { Hours = 1, RequestAverage = 1, UsageAverage = 1, Cost = cost },
        }], "EUR");
        var idle = IdleCalculator.Of(assets, workloads, byNode: true);
        var priced = new PricedCluster(assets, workloads, idle, CostInvariant.Check(assets, workloads, idle));
        await Host.Service<LedgerWriter>().AddAsync(new(uid, cluster, hour.End, [priced], [new(hour.Start, 3600, 0)], [word]) { Owner = KnownOwner.OfCosts("tenants", uid) }, default);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
