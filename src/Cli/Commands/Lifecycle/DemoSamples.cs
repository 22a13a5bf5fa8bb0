using System.Text.Json.Nodes;
using Fleet.Cli.Commands.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.Cli.Commands.Lifecycle;

/// <summary>The manifests of the tour: those of <c>deploy/samples</c>, and any number of further clusters like them.</summary>
internal static class DemoSamples
{
    /// <summary>The one that <c>deploy/samples</c> declares.</summary>
    public static ObjectKey Cluster { get; } = new("mon-organisation", "mon-cluster-web");

    private static readonly string[] Templates = ["aws-standalone-cp-0-1-0", "simulated-standalone-cp-0-1-0"];

    /// <summary>Those of the tour; the folders beside them are samples for each infrastructure.</summary>
    public static IReadOnlyList<string> Files =>
        [.. ((string[])["clusterdeployment.yaml", "credential.yaml", "servicetemplate.yaml"]).Select(name => Path.Combine(Folder, name))];

    /// <summary>They come with the program.</summary>
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "deploy", "samples");

    public static IEnumerable<Manifest> MoreClusters(int count) => Enumerable.Range(1, count).Select(number =>
    {
        var template = Templates[number % Templates.Length];
        var root = new JsonObject
        {
            ["apiVersion"] = "k0rdent.mirantis.com/v1beta1",
            ["kind"] = "ClusterDeployment",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"demo-{number:000}",
                ["namespace"] = Cluster.Namespace,
                ["labels"] = new JsonObject { ["fleet/demo"] = "true" },
            },
            ["spec"] = new JsonObject
            {
                ["template"] = template,
                ["credential"] = template.StartsWith("aws", StringComparison.Ordinal) ? "aws-credential" : "simulated-credential",
                ["config"] = new JsonObject { ["controlPlaneNumber"] = 1, ["workersNumber"] = 1 + number % 3 },
                ["serviceSpec"] = new JsonObject
                {
                    ["services"] = new JsonArray(new JsonObject
                    {
                        ["name"] = "nginx-web",
                        ["namespace"] = "applications-web",
                        ["template"] = "simple-nginx-template-1.0.0",
                    }),
                },
            },
        };
        return new Manifest("the demo", new DynamicObject(root));
    });
}
