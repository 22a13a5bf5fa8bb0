using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Host.Catalog;

/// <summary>
/// Gives a management cluster the kinds and the catalog: server-side apply with a field manager of its own, so that it may be repeated at every start
/// and leaves alone what users added. Definitions of other projects (Flux' HelmRepository, Sveltos' SveltosCluster) are only made where they are absent.
/// </summary>
internal sealed class ManagementSeed(IKubernetesClient management, TimeProvider clock)
{
    /// <summary>In both system namespaces: whom to trust where this fleet serves its charts.</summary>
    private const string CatalogAuthority = "fleet-catalog-authority";

    private const string OwnGroup = "k0rdent.mirantis.com";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly ResourceKind Definitions = new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", Namespaced: false);
    private static readonly ResourceKind Namespaces = new("", "v1", "Namespace", "namespaces", Namespaced: false);
    private static readonly ResourceKind ClusterRoles = new("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", Namespaced: false);
    private static readonly ApplyOptions Apply = new("fleet-seed") { Force = true };

    /// <summary>Applies every definition in a folder and waits until all are served.</summary>
    public async Task DefineAsync(string folder, CancellationToken ct)
    {
        var names = new List<string>();
        foreach (var definition in Read(folder))
        {
            var name = (string)definition["metadata"]!["name"]!;
            var isOurs = (string?)definition["spec"]?["group"] == OwnGroup;
            await DefineAsync(definition, isOurs, ct);
            names.Add(name);
        }

        var deadline = clock.GetUtcNow() + Patience;
        foreach (var name in names)
            while (!IsEstablished(await management.Dynamic(Definitions).GetAsync(ObjectKey.Cluster(name), ct)))
            {
                if (clock.GetUtcNow() > deadline)
                    throw new TimeoutException($"The management API does not serve {name} after {Patience.TotalSeconds:0} s.");
                await Task.Delay(Interval, clock, ct);
            }
    }

    /// <summary>
    /// Not by server-side apply, which older servers refuse as a whole when they do not know a field of a definition (x-kubernetes-validations came with
    /// 1.25); a create or a merge patch leaves out what they do not know.
    /// </summary>
    private async Task DefineAsync(JsonObject definition, bool isOurs, CancellationToken ct)
    {
        var key = new DynamicObject(definition).Key;
        if (await management.Dynamic(Definitions).GetAsync(key, ct) is null)
            await management.Dynamic(Definitions).CreateAsync(new DynamicObject(definition), ct);
        else if (isOurs)
            await management.Dynamic(Definitions).PatchAsync(key, Patch.Merge(new JsonObject { ["spec"] = definition["spec"]!.DeepClone() }), PatchOptions.Default, ct);
    }

    public async Task NamespacesAsync(IEnumerable<string> names, CancellationToken ct)
    {
        foreach (var name in names)
            await management.Dynamic(Namespaces).ApplyAsync(new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Namespace",
                ["metadata"] = new JsonObject { ["name"] = name },
            }, Apply, ct);
    }

    /// <summary>
    /// The ServiceAccount as which the CLI asks the REST API when its kubeconfig has a certificate and no token: whoever may make a token for it is an
    /// administrator, and it may do only what the commands need.
    /// </summary>
    public Task CommandLineAsync(string @namespace, CancellationToken ct) => AccountAsync("fleet-cli", @namespace,
        $$"""
        - {apiGroups: [{{OwnGroup}}], resources: [clusterdeployments, servicesets], verbs: [get, list]}
        - {apiGroups: [{{OwnGroup}}], resources: [servicesets/values, servicesets/manifest, servicesets/plan], verbs: [get]}
        - {apiGroups: [{{OwnGroup}}], resources: [servicesets/diff], verbs: [create]}
        - {apiGroups: [{{OwnGroup}}], resources: [servicesets/rollback, servicesets/pause, servicesets/resume, servicesets/restart], verbs: [patch]}
        - {apiGroups: [{{OwnGroup}}], resources: [clusterdeployments/telemetry], verbs: [get]}
        - {apiGroups: [{{OwnGroup}}], resources: [clusterdeployments/telemetry-tokens], verbs: [list, create, delete]}
        - {apiGroups: [{{OwnGroup}}], resources: [clusterdeployments/costs], verbs: [get, patch]}
        - {apiGroups: [{{OwnGroup}}], resources: [budgets, alertrules, receivers], verbs: [get, list]}
        - {apiGroups: [{{OwnGroup}}], resources: [receivers/test], verbs: [create]}
        - {apiGroups: [{{OwnGroup}}], resources: [silences], verbs: [list, create, delete]}
        - {apiGroups: [{{OwnGroup}}], resources: [managementbackups], verbs: [get, list]}
        - {apiGroups: [""], resources: [events], verbs: [list]}
        """, ct);

    /// <summary>
    /// The ServiceAccount as which an administrator without a token signs in to the web console (<c>fleet console --token</c>): it may do what the console
    /// offers, and nothing else. People of a team get a role and a token of their own.
    /// </summary>
    public Task ConsoleAsync(string @namespace, CancellationToken ct) => AccountAsync("fleet-console", @namespace,
        $$"""
        - {apiGroups: [{{OwnGroup}}], resources: [clusterdeployments], verbs: [get, list, watch, patch, delete]}
        - {apiGroups: [{{OwnGroup}}], resources: [clusterdeployments/nodes, clusterdeployments/telemetry], verbs: [get]}
        - {apiGroups: [{{OwnGroup}}], resources: [clusterdeployments/costs], verbs: [get, patch]}
        - {apiGroups: [{{OwnGroup}}], resources: [budgets, alertrules, receivers], verbs: [get, list, watch]}
        - {apiGroups: [{{OwnGroup}}], resources: [receivers/test], verbs: [create]}
        - {apiGroups: [{{OwnGroup}}], resources: [silences], verbs: [get, list, watch, create, delete]}
        - {apiGroups: [{{OwnGroup}}], resources: [managementbackups], verbs: [get, list, watch]}
        - {apiGroups: [{{OwnGroup}}], resources: [clusterdeployments/kubeconfig], verbs: [view]}
        - {apiGroups: [{{OwnGroup}}], resources: [clustertemplates, servicetemplates, credentials], verbs: [get, list, watch]}
        - {apiGroups: [{{OwnGroup}}], resources: [servicesets], verbs: [get, list, watch]}
        - {apiGroups: [{{OwnGroup}}], resources: [managementbackups], verbs: [get, list, watch]}
        - {apiGroups: [{{OwnGroup}}], resources: [servicesets/values, servicesets/manifest], verbs: [get]}
        - {apiGroups: [{{OwnGroup}}], resources: [servicesets/rollback, servicesets/pause, servicesets/resume, servicesets/restart], verbs: [patch]}
        - {apiGroups: [cluster.x-k8s.io], resources: [machines], verbs: [list]}
        - {apiGroups: [""], resources: [events], verbs: [list]}
        """, ct);

    /// <param name="rules">Of its ClusterRole, in YAML.</param>
    private Task AccountAsync(string name, string @namespace, string rules, CancellationToken ct) => ApplyAllAsync(
        $$"""
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: {{name}}, namespace: "{{@namespace}}"}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: {{name}}}
        rules:
        {{rules}}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: {{name}}}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{name}}}
        subjects: [{kind: ServiceAccount, name: {{name}}, namespace: "{{@namespace}}"}]
        """, ct);

    /// <summary>ClusterRoles that people are bound to. What others labelled to be added to them stays.</summary>
    public async Task RolesAsync(string folder, CancellationToken ct)
    {
        foreach (var role in Read(folder))
            await management.Dynamic(ClusterRoles).ApplyAsync(role, Apply, ct);
    }

    /// <summary>Applies the catalog's objects. In them the word <c>CATALOG_URL</c> stands for where this fleet serves its charts.</summary>
    /// <param name="authority">PEM of whom to trust there; null: the system knows, or it is plain HTTP.</param>
    public async Task CatalogAsync(string folder, Uri chartsUrl, string? authority, CancellationToken ct)
    {
        var charts = chartsUrl.AbsoluteUri.TrimEnd('/');
        if (authority is not null)
            await CatalogAuthorityAsync(authority, ct);
        foreach (var document in Read(folder, text => text.Replace("CATALOG_URL", charts, StringComparison.Ordinal)))
        {
            if (authority is not null && (string?)document["kind"] == "HelmRepository" && (string?)document["spec"]?["url"] == charts)
                document["spec"]!["certSecretRef"] = new JsonObject { ["name"] = CatalogAuthority };
            var kind = GroupVersionKind.Parse((string)document["apiVersion"]!, (string)document["kind"]!);
            var resource = await management.FindKindAsync(kind, ct)
                ?? throw new InvalidOperationException($"The management API does not serve {kind}, which the catalog needs.");
            await management.Dynamic(resource).ApplyAsync(document, Apply, ct);
        }
    }

    /// <summary>Whom to trust where this fleet serves its charts.</summary>
    public async Task CatalogAuthorityAsync(string authority, CancellationToken ct)
    {
        foreach (var name in (string[])[FleetApi.SystemNamespace, FleetApi.OlderSystemNamespace])
            await management.Dynamic(CoreKinds.Secrets).ApplyAsync(new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Secret",
                ["metadata"] = new JsonObject { ["name"] = CatalogAuthority, ["namespace"] = name, ["labels"] = new JsonObject { [FleetLabels.Managed] = "true" } },
                ["data"] = new JsonObject { ["ca.crt"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(authority)) },
            }, Apply, ct);
    }

    /// <summary>Applies what a text declares, in its order.</summary>
    public async Task ApplyAllAsync(string yaml, CancellationToken ct)
    {
        foreach (var document in KubernetesYaml.ReadAll(yaml))
        {
            var kind = GroupVersionKind.Parse((string)document["apiVersion"]!, (string)document["kind"]!);
            var resource = await management.FindKindAsync(kind, ct) ?? throw new InvalidOperationException($"The management API does not serve {kind}.");
            await management.Dynamic(resource).ApplyAsync(document, Apply, ct);
        }
    }

    private static IEnumerable<JsonObject> Read(string folder, Func<string, string>? edit = null) =>
        Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal)
            .SelectMany(file => KubernetesYaml.ReadAll((edit ?? (text => text))(File.ReadAllText(file))));

    private static bool IsEstablished(DynamicObject? definition) =>
        (definition?.At("status", "conditions") as JsonArray)?.OfType<JsonObject>()
            .Any(condition => (string?)condition["type"] == "Established" && (string?)condition["status"] == "True") == true;
}
