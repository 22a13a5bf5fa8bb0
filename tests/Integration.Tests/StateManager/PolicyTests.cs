using System.Text;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using static Fleet.Integration.Tests.StateManager.ServiceManifests;
using static Fleet.Integration.Tests.StateManager.StateManagerEnvironment;

namespace Fleet.Integration.Tests.StateManager;

/// <summary>Manifests that come with the services of a cluster, made of objects of the management cluster, with real helm. Each test has a cluster of its own.</summary>
public sealed class PolicyTests(StateManagerEnvironment environment) : IClassFixture<StateManagerEnvironment>
{
    private const string Canary = "canary-3f9a71";

    private static readonly ResourceKind Secrets = new("", "v1", "Secret", "secrets", true);

    private static readonly ResourceKind ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);

    private const string CloudConfig = """
        {{- $keys := getResource "Keys" }}
        apiVersion: v1
        kind: Secret
        metadata: { name: cloud-config, namespace: kube-system }
        stringData:
          cloud.conf: |
            key={{ index $keys.data "key" | b64dec }}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: about, namespace: default }
        data: { serial: "12345678901234567890" }
        """;

    [Fact]
    public async Task A_secret_reaches_the_cluster_follows_its_source_and_goes_with_its_reference()
    {
        var cluster = await environment.AddClusterAsync("carry");
        await environment.ApplyAsync(Source("Secret", "carry-keys", ("key", "first-" + Canary)));
        await environment.ApplyAsync(TemplateOf("carry-template", CloudConfig));
        await environment.ApplyAsync(SetOf("carry", [Policy("carry-template")], [Keys("carry-keys")]));
        var state = await environment.ServiceAsync("carry", "carry-policies", "Deployed");
        Assert.Equal(("Resource", "policyRefs", "kube-system"), ((string?)state["type"], (string?)state["template"], (string?)state["namespace"]));
        Assert.Equal($"key=first-{Canary}\n", await CloudConfigAsync(cluster));
        Assert.Equal("12345678901234567890", (string?)(await cluster.Dynamic(ConfigMaps).GetAsync(new("default", "about"), default))!.At("data", "serial"));

        // A look for another reason starts no helm; a rotated key does.
        await environment.TouchSetAsync("carry");
        await environment.ApplyAsync(Source("Secret", "carry-keys", ("key", "second-" + Canary)));
        await EventuallyAsync(() => CloudConfigAsync(cluster), text => text == $"key=second-{Canary}\n", "the new key is in the cluster");
        var history = (JsonArray)JsonNode.Parse(await environment.HelmOnAsync("carry", "history", "carry-policies", "-n", "kube-system", "-o", "json"))!;
        Assert.Equal(2, (int)history[^1]!["revision"]!);

        // An object that is no longer among them goes.
        await environment.ApplyAsync(TemplateOf("carry-template", CloudConfig[..CloudConfig.IndexOf("---", StringComparison.Ordinal)]));
        await EventuallyAsync(() => cluster.Dynamic(ConfigMaps).GetAsync(new("default", "about"), default), found => found is null, "the ConfigMap is gone");
        await environment.ApplyAsync(SetOf("carry", [], []));
        await EventuallyAsync(() => cluster.Dynamic(Secrets).GetAsync(new("kube-system", "cloud-config"), default), found => found is null, "the Secret is gone");
        await environment.DeleteSetAsync("carry");
    }

    [Fact]
    public async Task What_is_not_there_is_told_and_comes_later_and_what_is_optional_is_left_out()
    {
        var cluster = await environment.AddClusterAsync("late");
        var optional = Policy("late-never");
        optional["optional"] = true;
        await environment.ApplyAsync(SetOf("late", [optional, Policy("late-template")], [Keys("late-keys")]));
        var waiting = await environment.ServiceAsync("late", "late-policies", "Pending");
        Assert.Equal("policyRefs: ConfigMap team-a/late-template does not exist", (string?)waiting["failureMessage"]);

        await environment.ApplyAsync(TemplateOf("late-template", CloudConfig));
        await SaysAsync("late", "templateResourceRefs: Keys: Secret team-a/late-keys does not exist");
        await environment.ApplyAsync(Source("Secret", "late-keys", ("key", "late-" + Canary)));
        await environment.ServiceAsync("late", "late-policies", "Deployed");
        Assert.Equal($"key=late-{Canary}\n", await CloudConfigAsync(cluster));

        // What is in the cluster stays while its source is away: gone is not the same as empty.
        await environment.Management.Dynamic(ConfigMaps).DeleteAsync(new(Namespace, "late-template"), DeleteOptions.Background, default);
        await SaysAsync("late", "policyRefs: ConfigMap team-a/late-template does not exist");
        Assert.Equal($"key=late-{Canary}\n", await CloudConfigAsync(cluster));
        await environment.DeleteSetAsync("late");
        Assert.Null(await cluster.Dynamic(Secrets).GetAsync(new("kube-system", "cloud-config"), default));
    }

    [Fact]
    public async Task Nobody_reads_other_namespaces_and_no_message_shows_a_secret()
    {
        await environment.AddClusterAsync("foreign");
        await environment.ApplyAsync(Json("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"kcm-system"}}"""));
        var foreign = Source("Secret", "all-keys", ("key", Canary));
        foreign["metadata"]!["namespace"] = "kcm-system";
        await environment.ApplyAsync(foreign);
        await environment.ApplyAsync(TemplateOf("foreign-template", CloudConfig));
        var reference = Keys("all-keys");
        reference["resource"]!["namespace"] = "kcm-system";
        await environment.ApplyAsync(SetOf("foreign", [Policy("foreign-template")], [reference]));
        await SaysAsync("foreign", "templateResourceRefs: Keys: Secret kcm-system/all-keys is in another namespace: services of cluster team-a/foreign may read objects of team-a and the identity of their Credential");
        // Nor by way of a template that makes up the namespace.
        reference["resource"]!["namespace"] = """{{ printf "kcm-%s" "system" }}""";
        await environment.ApplyAsync(SetOf("foreign", [Policy("foreign-template")], [reference]));
        await environment.TouchSetAsync("foreign");
        await SaysAsync("foreign", "templateResourceRefs: Keys: Secret kcm-system/all-keys is in another namespace: services of cluster team-a/foreign may read objects of team-a and the identity of their Credential");

        await environment.ApplyAsync(Source("Secret", "foreign-keys", ("key", Canary)));
        await environment.ApplyAsync(TemplateOf("foreign-template", """{{ fail (printf "no %s" (index (getResource "Keys").data "key" | b64dec)) }}"""));
        await environment.ApplyAsync(SetOf("foreign", [Policy("foreign-template")], [Keys("foreign-keys")]));
        var said = await SaysAsync("foreign", "policyRefs: ConfigMap team-a/foreign-template, key manifests.yaml: no ***");
        Assert.DoesNotContain(Canary, said.ToJsonString(), StringComparison.Ordinal);

        // The identity of the cluster's Credential may be anywhere: who may use the Credential is decided elsewhere.
        await environment.ApplyAsync(Json("""{"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"Credential","metadata":{"name":"foreign","namespace":"team-a"},"spec":{"identityRef":{"apiVersion":"v1","kind":"Secret","name":"all-keys","namespace":"kcm-system"}}}"""));
        await environment.ApplyAsync(Json("""{"apiVersion":"k0rdent.mirantis.com/v1beta1","kind":"ClusterDeployment","metadata":{"name":"foreign","namespace":"team-a"},"spec":{"template":"none","credential":"foreign"}}"""));
        reference["resource"]!["namespace"] = "kcm-system";
        await environment.ApplyAsync(TemplateOf("foreign-template", CloudConfig));
        await environment.ApplyAsync(SetOf("foreign", [Policy("foreign-template")], [reference]));
        await environment.ServiceAsync("foreign", "foreign-policies", "Deployed");
        await environment.DeleteSetAsync("foreign");
    }

    [Fact]
    public async Task Of_two_manifests_of_one_object_that_of_the_lower_tier_counts_and_definitions_come_first()
    {
        var cluster = await environment.AddClusterAsync("tiers");
        await environment.ApplyAsync(Source("ConfigMap", "tiers-all", ("a.yaml", """
            apiVersion: v1
            kind: ConfigMap
            metadata: { name: shared, namespace: default }
            data: { from: all }
            ---
            apiVersion: tests.example.org/v1
            kind: Flag
            metadata: { name: up, namespace: default }
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: { name: flags.tests.example.org }
            spec:
              group: tests.example.org
              scope: Namespaced
              names: { kind: Flag, plural: flags, singular: flag, listKind: FlagList }
              versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }]
            """)));
        await environment.ApplyAsync(Source("ConfigMap", "tiers-own", ("a.yaml", """
            apiVersion: v1
            kind: ConfigMap
            metadata: { name: shared, namespace: default }
            data: { from: own }
            """)));
        var own = Policy("tiers-own");
        own["tier"] = 50;
        await environment.ApplyAsync(SetOf("tiers", [own, Policy("tiers-all")], []));
        await environment.ServiceAsync("tiers", "tiers-policies", "Deployed");
        Assert.Equal("own", (string?)(await cluster.Dynamic(ConfigMaps).GetAsync(new("default", "shared"), default))!.At("data", "from"));
        Assert.NotNull(await cluster.FindKindAsync(new("tests.example.org", "v1", "Flag"), default));
        await environment.DeleteSetAsync("tiers");
    }

    [Fact]
    public async Task Values_read_objects_of_the_management_cluster_too()
    {
        await environment.AddClusterAsync("values");
        await environment.ApplyAsync(Template());
        await environment.ApplyAsync(Source("ConfigMap", "values-size", ("replicas", "1")));
        var templated = Source("ConfigMap", "values-more", ("values.yaml", """nameOverride: n{{ index (getResource "Size").data "replicas" }}"""));
        templated["metadata"]!["annotations"] = new JsonObject { ["projectsveltos.io/template"] = "true" };
        await environment.ApplyAsync(templated);
        var set = Set("values", "values", Service("web", """replicaCount: {{ index (getResource "Size").data "replicas" }}""", ("ConfigMap", "values-more")));
        set["spec"]!["provider"]!["config"] = new JsonObject { ["templateResourceRefs"] = new JsonArray(Reference("Size", "ConfigMap", "values-size")) };
        await environment.ApplyAsync(set);
        await environment.ServiceAsync("values", "web", "Deployed");
        Assert.Equal((1, "n1"), await ValuesAsync());
        await environment.ApplyAsync(Source("ConfigMap", "values-size", ("replicas", "2")));
        await EventuallyAsync(ValuesAsync, values => values == (2, "n2"), "the values have followed");
        await environment.DeleteSetAsync("values");

        async Task<(int, string)> ValuesAsync()
        {
            var values = await environment.ValuesAsync("values", "web");
            return ((int)values["replicaCount"]!, (string)values["nameOverride"]!);
        }
    }

    private async Task<JsonObject> SaysAsync(string set, string message) => (await environment.StatusAsync(
        set, status => (status?["services"] as JsonArray)?.Any(service => (string?)service!["failureMessage"] == message) == true, $"says {message}"))!;

    private static async Task<string?> CloudConfigAsync(IKubernetesClient cluster) =>
        (await cluster.Dynamic(Secrets).GetAsync(new("kube-system", "cloud-config"), default))?.At("data", "cloud.conf") is { } text
            ? Encoding.UTF8.GetString(Convert.FromBase64String((string)text!))
            : null;

    private static JsonObject SetOf(string name, JsonObject[] policies, JsonObject[] resources)
    {
        var set = Set(name, name);
        set["spec"]!["provider"]!["config"] = new JsonObject { ["policyRefs"] = new JsonArray([.. policies.Select(policy => policy.DeepClone())]), ["templateResourceRefs"] = new JsonArray([.. resources.Select(reference => reference.DeepClone())]) };
        return set;
    }

    private static JsonObject TemplateOf(string name, string manifests)
    {
        var map = Source("ConfigMap", name, ("manifests.yaml", manifests));
        map["metadata"]!["annotations"] = new JsonObject { ["projectsveltos.io/template"] = "true" };
        return map;
    }

    private static JsonObject Policy(string name) => new() { ["kind"] = "ConfigMap", ["name"] = name, ["deploymentType"] = "Remote" };

    private static JsonObject Keys(string secret) => Reference("Keys", "Secret", secret);

    private static JsonObject Reference(string identifier, string kind, string name) => new()
    {
        ["identifier"] = identifier,
        ["resource"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = kind, ["name"] = name },
    };
}
