using System.Net;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.Api.Tests.Tenants;

/// <summary>Each of the roles may do what its name says, and nothing more: asked of both API servers, and tried over REST.</summary>
public sealed class RolesTests
{
    private const string Group = "k0rdent.mirantis.com";

    private static readonly ResourceKind Reviews = new("authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", Namespaced: false);

    /// <summary>Who may: v(iewer), e(ditor), a(dmin) of the namespace in it, V(iewer) and A(dmin) of the fleet anywhere.</summary>
    private static readonly (string Verb, string Group, string Resource, string Who)[] InNamespace =
    [
        ("list", Group, "clusterdeployments", "veaVA"), ("create", Group, "clusterdeployments", "eaA"), ("patch", Group, "clusterdeployments", "eaA"), ("delete", Group, "clusterdeployments", "eaA"),
        ("get", Group, "clusterdeployments/nodes", "veaVA"), ("get", Group, "clusterdeployments/telemetry", "veaVA"), ("get", Group, "clusterdeployments/costs", "veaVA"),
        ("patch", Group, "clusterdeployments/costs", "eaA"), ("view", Group, "clusterdeployments/kubeconfig", "eaA"), ("cluster-admin", Group, "clusterdeployments/kubeconfig", "aA"),
        ("list", Group, "clustertemplates", "veaVA"), ("create", Group, "clustertemplates", "aA"), ("update", Group, "clustertemplates", ""), ("delete", Group, "servicetemplates", "aA"),
        ("list", Group, "servicetemplatechains", "veaVA"), ("create", Group, "clustertemplatechains", "aA"), ("patch", Group, "clustertemplatechains", ""),
        ("get", Group, "credentials", "veaVA"), ("create", Group, "credentials", "aA"), ("patch", Group, "credentials", "aA"),
        ("get", "", "secrets", "aA"), ("list", "", "secrets", "aA"), ("create", "", "secrets", "aA"), ("get", "", "configmaps", "veaVA"), ("patch", "", "configmaps", ""),
        ("list", "", "events", "veaVA"), ("list", "cluster.x-k8s.io", "machines", "veaVA"), ("delete", "cluster.x-k8s.io", "machines", ""),
        ("list", Group, "servicesets", "veaVA"), ("patch", Group, "servicesets", ""), ("get", Group, "servicesets/values", "eaA"), ("patch", Group, "servicesets/rollback", "eaA"),
        ("create", Group, "namespacedmulticlusterservices", "eaA"), ("list", Group, "namespacedmulticlusterservices", "veaVA"),
        ("list", Group, "alertrules", "veaVA"), ("create", Group, "silences", "eaA"), ("create", Group, "receivers", "aA"), ("create", Group, "receivers/test", "eaA"),
        ("list", Group, "budgets", "veaVA"), ("create", Group, "budgets", "aA"), ("create", Group, "costexports", "aA"), ("create", Group, "complianceexceptions", "aA"),
        ("list", Group, "audits", "aVA"), ("create", Group, "clusteripamclaims", "eaA"), ("create", "rbac.authorization.k8s.io", "rolebindings", ""), ("impersonate", "", "serviceaccounts", ""),
        ("create", Group, "datasources", "A"), ("list", Group, "datasources", "VA"),
    ];

    /// <summary>Only the roles of the fleet reach what is in no namespace.</summary>
    private static readonly (string Verb, string Group, string Resource, string Who)[] OfTheFleet =
    [
        ("list", Group, "managements", "VA"), ("patch", Group, "managements", "A"), ("list", Group, "regions", "VA"), ("patch", Group, "regions", "A"), ("list", Group, "releases", "VA"), ("create", Group, "providertemplates", "A"), ("update", Group, "releases", ""),
        ("list", Group, "multiclusterservices", "VA"), ("delete", Group, "multiclusterservices", "A"), ("patch", Group, "accessmanagements", "A"), ("get", Group, "accessmanagements", "VA"),
        ("list", Group, "pricesheets", "VA"), ("create", Group, "pricesheets", "A"), ("create", "", "namespaces", "A"), ("list", "", "namespaces", "VA"), ("get", "velero.io", "backups", "VA"),
        ("create", "rbac.authorization.k8s.io", "clusterroles", ""), ("impersonate", "", "users", ""), ("delete", "apiextensions.k8s.io", "customresourcedefinitions", ""), ("get", "", "nodes", ""),
    ];

    public static TheoryData<string> Servers => [.. Testing.ApiServers.ApiServers.Names];

    [Theory, MemberData(nameof(Servers))]
    public async Task Each_role_may_what_its_name_says(string server)
    {
        await using var tenants = await TwoTenants.StartAsync(server);
        (char Letter, string Role, bool Everywhere)[] roles =
            [('v', "namespace-viewer", false), ('e', "namespace-editor", false), ('a', "namespace-admin", false), ('V', "global-viewer", true), ('A', "global-admin", true)];
        var callers = new Dictionary<char, HttpClient>();
        foreach (var (letter, role, everywhere) in roles)
            callers[letter] = await tenants.CallerAsync(role, everywhere);

        var wrong = new List<string>();
        foreach (var (letter, role, everywhere) in roles)
        {
            var user = $"system:serviceaccount:{tenants.Mine}:{role}{(everywhere ? "-everywhere" : "")}";
            foreach (var (verb, group, resource, who) in InNamespace)
            {
                await CheckAsync(user, verb, group, resource, tenants.Mine, who.Contains(letter, StringComparison.Ordinal));
                // What is granted in one namespace reaches no other, and not all of them.
                await CheckAsync(user, verb, group, resource, tenants.Theirs, everywhere && who.Contains(letter, StringComparison.Ordinal));
                await CheckAsync(user, verb, group, resource, "", everywhere && who.Contains(letter, StringComparison.Ordinal));
            }

            foreach (var (verb, group, resource, who) in OfTheFleet)
                await CheckAsync(user, verb, group, resource, "", who.Contains(letter, StringComparison.Ordinal));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        await OverRestAsync(tenants, callers);

        async Task CheckAsync(string user, string verb, string group, string resource, string @namespace, bool expected)
        {
            var parts = resource.Split('/');
            var attributes = new JsonObject { ["verb"] = verb, ["group"] = group, ["resource"] = parts[0], ["namespace"] = @namespace };
            if (parts.Length > 1)
                attributes["subresource"] = parts[1];
            var review = await tenants.Host.Client.Dynamic(Reviews).CreateAsync(
                new(new JsonObject { ["apiVersion"] = "authorization.k8s.io/v1", ["kind"] = "SubjectAccessReview", ["spec"] = new JsonObject { ["user"] = user, ["resourceAttributes"] = attributes } }), default);
            if (((bool?)review.At("status", "allowed") == true) != expected)
                wrong.Add($"{user} {(expected ? "may not" : "may")} {verb} {resource}.{group} in \"{@namespace}\"");
        }
    }

    private static async Task OverRestAsync(TwoTenants tenants, Dictionary<char, HttpClient> callers)
    {
        var cluster = $"/clusters/{tenants.Mine}/mine";
        (string Who, HttpMethod Method, string Path, string? Body)[] calls =
        [
            ("veaVA", HttpMethod.Get, $"/clusters?namespace={tenants.Mine}", null),
            ("VA", HttpMethod.Get, $"/clusters/{tenants.Theirs}/{TwoTenants.Name}", null),
            ("veaVA", HttpMethod.Get, $"/cluster-templates?namespace={tenants.Mine}", null),
            ("veaVA", HttpMethod.Get, $"/alerts?namespace={tenants.Mine}", null),
            ("veaVA", HttpMethod.Get, $"/logs?cluster={tenants.Mine}/mine", null),
            ("VA", HttpMethod.Get, $"/logs?cluster={tenants.Theirs}/{TwoTenants.Name}", null),
            ("VA", HttpMethod.Get, "/provider-templates", null),
            ("aVA", HttpMethod.Get, $"/audit?namespace={tenants.Mine}", null),
            ("VA", HttpMethod.Get, "/audit", null),
            ("eaA", HttpMethod.Patch, cluster, """{"metadata":{"labels":{"seen":"yes"}}}"""),
            ("A", HttpMethod.Patch, $"/clusters/{tenants.Theirs}/second", """{"metadata":{"labels":{"seen":"yes"}}}"""),
            ("eaA", HttpMethod.Post, "/silences", $$"""{"namespace":"{{tenants.Mine}}","matchers":["alertname=\"x\""],"endsAt":"2099-01-01T00:00:00Z","comment":"x"}"""),
            ("A", HttpMethod.Post, "/silences", $$"""{"namespace":"{{tenants.Theirs}}","matchers":["alertname=\"x\""],"endsAt":"2099-01-01T00:00:00Z","comment":"x"}"""),
        ];
        foreach (var (who, method, path, body) in calls)
            foreach (var (letter, caller) in callers)
            {
                using var response = method == HttpMethod.Patch ? await caller.PatchAsync(path, body!, ("If-Match", "*")) : await caller.SendAsync(method, path, body, []);
                var text = await response.Content.ReadAsStringAsync();
                Assert.True(response.IsSuccessStatusCode == who.Contains(letter, StringComparison.Ordinal), $"{letter} {method} {path}: {(int)response.StatusCode} {text}");
                if (!response.IsSuccessStatusCode)
                    Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            }
    }
}
