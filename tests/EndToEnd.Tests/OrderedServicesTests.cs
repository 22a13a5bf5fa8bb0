using System.Text.Json.Nodes;
using Fleet.EndToEnd.Tests.Faults;
using Fleet.Kubernetes.Objects;

namespace Fleet.EndToEnd.Tests;

/// <summary>Services of a cluster that wait for each other, and one that goes along a chain.</summary>
[Collection(OneFleet.Name)]
public sealed class OrderedServicesTests(FaultFleet fleet)
{
    private const string Settings = """
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: {{ .Release.Name }} }
        data: { text: {{ .Values.text | quote }}, number: "{{ add 1 .Values.number }}" }
        """;

    [Fact]
    public async Task Dependencies_come_first_and_a_chain_is_walked_step_by_step()
    {
        string[] versions = ["1.9.0", "1.10.0", "2.0.0"];
        foreach (var version in versions)
            await fleet.PublishAsync("base", version, Settings, "text: a\nnumber: 1");
        await fleet.PublishAsync("app", "1.0.0", Settings, "text: a\nnumber: 1");
        await fleet.ApplyAsync(FaultFleet.Team("order") + fleet.RepositoryObject("order") + FaultFleet.ServiceTemplate("order", "app", "1.0.0")
            + string.Concat(versions.Select(version => FaultFleet.ServiceTemplate("order", "base", version))) + """
            apiVersion: k0rdent.mirantis.com/v1beta1
            kind: ServiceTemplateChain
            metadata: { name: base, namespace: order }
            spec:
              supportedTemplates:
                - { name: base-1-9-0, availableUpgrades: [{ name: base-1-10-0, version: 1.10.0 }] }
                - { name: base-1-10-0, availableUpgrades: [{ name: base-2-0-0, version: 2.0.0 }] }
                - { name: base-2-0-0 }
            ---

            """ + Services("base-1-9-0", "text: {broken: yes"));

        var waiting = await fleet.UntilAsync("ClusterDeployment", "order", "one", o => o.State("base") == "Failed" && o.State("app") == "Pending");
        Assert.Equal("waits for dependency order/base: Failed", Message(waiting, "app"));
        Assert.True(waiting.Is("ServicesDependencyValidation", "True"));

        await fleet.ApplyAsync(Services("base-1-9-0", "text: mended"));
        await fleet.UntilAsync("ClusterDeployment", "order", "one", o => o.State("base") == "Deployed" && o.State("app") == "Deployed");

        await fleet.ApplyAsync(Services("base-2-0-0", "text: mended"));
        var done = await fleet.UntilAsync("ClusterDeployment", "order", "one", o => o.State("base") == "Deployed" && Version(o, "base") == "2.0.0");
        Assert.Equal("base-2-0-0", (string?)(done.At("status", "servicesUpgradePaths") as JsonArray)![0]!["template"]);
        var kubeconfig = await fleet.Fleet.KubeconfigOfAsync("one", "order");
        var history = (JsonArray)JsonNode.Parse((await fleet.Fleet.HelmAsync(kubeconfig, "history", "base", "-n", "order", "-o", "json")).MustSucceed().Out)!;
        Assert.Equal(["base-1.10.0", "base-2.0.0"], history.Select(revision => (string?)revision!["chart"]).Distinct().TakeLast(2));

        // Nothing leads back.
        await fleet.ApplyAsync(Services("base-1-9-0", "text: mended"));
        await fleet.UntilAsync("ClusterDeployment", "order", "one", o => o.Tells("ServicesDependencyValidation", "no upgrade of ServiceTemplateChain base leads from base-2-0-0 to base-1-9-0"));
    }

    private static string Services(string template, string values) => FaultFleet.Cluster("order",
        $"{{ name: app, namespace: order, template: app-1-0-0, dependsOn: [{{ name: base, namespace: order }}] }}, {{ name: base, namespace: order, template: {template}, templateChain: base, values: \"{values}\" }}");

    private static JsonNode? Service(DynamicObject seen, string name) => (seen.At("status", "services") as JsonArray)?.FirstOrDefault(service => (string?)service!["name"] == name);

    private static string? Message(DynamicObject seen, string name) => (string?)Service(seen, name)?["failureMessage"];

    private static string? Version(DynamicObject seen, string name) => (string?)Service(seen, name)?["version"];
}
