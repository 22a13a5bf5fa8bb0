using System.Text;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Yaml;

namespace Fleet.Packaging.Tests.Docs;

/// <summary>docs/reference/chart.md from the chart's values and their schema.</summary>
internal static class ChartPage
{
    public static string Text()
    {
        var page = new StringBuilder("# Values of the chart\n\nMade from `deploy/helm/fleet/values.yaml` and its schema; how the chart is meant is in its [README](../../deploy/helm/fleet/README.md).\n\n| value | default | |\n|---|---|---|\n");
        Write(page, JsonNode.Parse(Repository.Read("deploy", "helm", "fleet", "values.schema.json"))!, KubernetesYaml.ReadAll(Repository.Read("deploy", "helm", "fleet", "values.yaml")).Single(), "");
        return page.ToString();
    }

    private static void Write(StringBuilder page, JsonNode schema, JsonNode? values, string path)
    {
        foreach (var (name, field) in schema["properties"]!.AsObject())
        {
            if (name == "global")
                continue;
            var value = values?[name];
            // A value that is not in values.yaml has no default, which Helm would take for a mistake of ours.
            Assert.True(value is not null, $"{path}{name} is in the schema and not in values.yaml");
            if (field!["properties"] is not null && name != "resources")
                Write(page, field, value, $"{path}{name}.");
            else
                page.Append("| `").Append(path).Append(name).Append("` | `").Append(value!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })).Append("` | ").Append((string?)field["description"]).Append(" |\n");
        }
    }
}
