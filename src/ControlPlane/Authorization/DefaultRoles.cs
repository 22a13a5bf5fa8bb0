using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Authorization;

/// <summary>The ClusterRoles that every cluster has, and who they are given to. A rule is written <c>groups|resources|verbs</c>.</summary>
internal static class DefaultRoles
{
    private const string Read = "get,list,watch";
    private const string Write = "create,delete,deletecollection,patch,update";

    private static readonly string[] ViewRules =
    [
        $"|configmaps,endpoints,persistentvolumeclaims,persistentvolumeclaims/status,pods,replicationcontrollers,replicationcontrollers/scale,serviceaccounts,services,services/status|{Read}",
        $"|bindings,events,limitranges,namespaces/status,pods/log,pods/status,replicationcontrollers/status,resourcequotas,resourcequotas/status|{Read}",
        $"|namespaces|{Read}",
        $"discovery.k8s.io|endpointslices|{Read}",
        $"apps|controllerrevisions,daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,replicasets,replicasets/scale,replicasets/status,statefulsets,statefulsets/scale,statefulsets/status|{Read}",
        $"autoscaling|horizontalpodautoscalers,horizontalpodautoscalers/status|{Read}",
        $"batch|cronjobs,cronjobs/status,jobs,jobs/status|{Read}",
        $"policy|poddisruptionbudgets,poddisruptionbudgets/status|{Read}",
        $"networking.k8s.io|ingresses,ingresses/status,networkpolicies|{Read}",
        $"metrics.k8s.io|pods,nodes|{Read}",
    ];

    private static readonly string[] EditRules =
    [
        $"|pods/attach,pods/exec,pods/portforward,pods/proxy,secrets,services/proxy|{Read}",
        "|serviceaccounts|impersonate",
        $"|pods,pods/attach,pods/exec,pods/portforward,pods/proxy|{Write}",
        "|pods/eviction|create",
        $"|configmaps,events,persistentvolumeclaims,replicationcontrollers,replicationcontrollers/scale,secrets,serviceaccounts,services,services/proxy|{Write}",
        "|serviceaccounts/token|create",
        $"apps|daemonsets,deployments,deployments/rollback,deployments/scale,replicasets,replicasets/scale,statefulsets,statefulsets/scale|{Write}",
        $"autoscaling|horizontalpodautoscalers|{Write}",
        $"batch|cronjobs,jobs|{Write}",
        $"policy|poddisruptionbudgets|{Write}",
        $"networking.k8s.io|ingresses,networkpolicies|{Write}",
        $"coordination.k8s.io|leases|{Write},{Read}",
    ];

    private static readonly string[] AdminRules =
    [
        "authorization.k8s.io|localsubjectaccessreviews|create",
        $"rbac.authorization.k8s.io|rolebindings,roles|{Write},{Read}",
    ];

    public static IEnumerable<JsonObject> Roles()
    {
        yield return Role("cluster-admin", [Rule("*|*|*"), new JsonObject { ["nonResourceURLs"] = new JsonArray("*"), ["verbs"] = new JsonArray("*") }]);
        yield return Role("system:discovery", [Paths("/api,/api/*,/apis,/apis/*,/healthz,/livez,/openapi,/openapi/*,/readyz,/version,/version/")]);
        yield return Role("system:public-info-viewer", [Paths("/healthz,/livez,/readyz,/version,/version/")]);
        yield return Role("system:basic-user",
            [Rule("authorization.k8s.io|selfsubjectaccessreviews,selfsubjectrulesreviews|create"), Rule("authentication.k8s.io|selfsubjectreviews|create")]);
        yield return Role("system:auth-delegator",
            [Rule("authentication.k8s.io|tokenreviews|create"), Rule("authorization.k8s.io|subjectaccessreviews|create")]);
        foreach (var name in (string[])["view", "edit", "admin"])
        {
            yield return Aggregated(name);
            var source = Role($"system:aggregate-to-{name}", (name switch { "view" => ViewRules, "edit" => EditRules, _ => AdminRules }).Select(Rule));
            source["metadata"]!["labels"]![$"rbac.authorization.k8s.io/aggregate-to-{name}"] = "true";
            yield return source;
        }
    }

    public static IEnumerable<JsonObject> Bindings()
    {
        yield return Binding("cluster-admin", "system:masters");
        yield return Binding("system:discovery", "system:authenticated");
        yield return Binding("system:public-info-viewer", "system:authenticated", "system:unauthenticated");
        yield return Binding("system:basic-user", "system:authenticated");
    }

    private static JsonObject Role(string name, IEnumerable<JsonObject> rules) =>
        new() { ["metadata"] = Metadata(name), ["rules"] = new JsonArray([.. rules]) };

    /// <summary>edit holds what view holds, admin what edit holds.</summary>
    private static JsonObject Aggregated(string name)
    {
        var role = Role(name, []);
        var next = name switch { "view" => "edit", "edit" => "admin", _ => null };
        if (next is not null) role["metadata"]!["labels"]![$"rbac.authorization.k8s.io/aggregate-to-{next}"] = "true";
        role["aggregationRule"] = new JsonObject
        {
            ["clusterRoleSelectors"] = new JsonArray(new JsonObject { ["matchLabels"] = new JsonObject { [$"rbac.authorization.k8s.io/aggregate-to-{name}"] = "true" } }),
        };
        return role;
    }

    private static JsonObject Binding(string role, params string[] groups) => new()
    {
        ["metadata"] = Metadata(role),
        ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = role },
        ["subjects"] = new JsonArray([.. groups.Select(g => (JsonNode)new JsonObject
        {
            ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Group", ["name"] = g,
        })]),
    };

    private static JsonObject Metadata(string name) => new()
    {
        ["name"] = name,
        ["annotations"] = new JsonObject { ["rbac.authorization.kubernetes.io/autoupdate"] = "true" },
        ["labels"] = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" },
    };

    private static JsonObject Rule(string text)
    {
        var parts = text.Split('|');
        return new JsonObject { ["apiGroups"] = Words(parts[0]), ["resources"] = Words(parts[1]), ["verbs"] = Words(parts[2]) };
    }

    private static JsonObject Paths(string paths) => new() { ["nonResourceURLs"] = Words(paths), ["verbs"] = new JsonArray("get") };

    private static JsonArray Words(string text) => new([.. text.Split(',').Select(w => (JsonNode)w)]);
}
