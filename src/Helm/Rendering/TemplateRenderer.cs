using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fleet.Helm.Errors;
using Fleet.Helm.Processes;
using Fleet.Helm.Values;

namespace Fleet.Helm.Rendering;

internal sealed partial class TemplateRenderer(HelmRunner helm) : ITemplateRenderer
{
    public async Task<IReadOnlyList<RenderResult>> RenderAsync(IReadOnlyList<RenderText> texts, CancellationToken ct)
    {
        var results = new RenderResult?[texts.Count];
        var open = new List<int>();
        for (var i = 0; i < texts.Count; i++)
        {
            if (texts[i].Text.Contains("{{", StringComparison.Ordinal)) open.Add(i);
            else results[i] = RenderResult.Rendered(texts[i].Text);
        }

        // All at once; when one fails, one file per text tells which, and the rest is rendered without it.
        var isolate = false;
        while (open.Count > 0)
        {
            try
            {
                var rendered = await RunAsync([.. open.Select(i => texts[i])], isolate, ct);
                for (var i = 0; i < open.Count; i++) results[open[i]] = RenderResult.Rendered(rendered[i]);
                break;
            }
            catch (HelmException e) when (e.Kind is HelmErrorKind.RenderFailed or HelmErrorKind.Unknown or HelmErrorKind.ReleaseFailed)
            {
                if (!isolate && open.Count > 1)
                {
                    isolate = true;
                    continue;
                }
                var failed = open.Count == 1 ? 0 : FailedIndex(e.Message);
                if (failed < 0 || failed >= open.Count) throw;
                results[open[failed]] = RenderResult.Failed(Cause(e.Message));
                open.RemoveAt(failed);
            }
        }
        return results!;
    }

    private async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<RenderText> texts, bool isolate, CancellationToken ct)
    {
        using var folder = helm.CreateFolder();
        var chart = Path.Combine(folder.Path, RenderChart.Name);
        Directory.CreateDirectory(Path.Combine(chart, "templates"));
        var contexts = new List<System.Text.Json.Nodes.JsonObject>();
        var values = RenderChart.Values(texts, contexts);
        var valuesFile = await HelmRunner.WriteAsync(folder, "values.json", YamlValues.ToFile(values), ct);
        await WriteAsync(folder, "Chart.yaml", RenderChart.ChartYaml, ct);
        if (isolate)
        {
            for (var i = 0; i < texts.Count; i++)
                await WriteAsync(folder, $"templates/r{i.ToString(CultureInfo.InvariantCulture)}.yaml", RenderChart.Single(i, contexts), ct);
        }
        else
        {
            await WriteAsync(folder, "templates/all.yaml", RenderChart.AllInOne(contexts), ct);
        }
        var result = await helm.RunAsync(folder, ["template", RenderChart.Name, chart, "--values", valuesFile], null, SecretMask.None, ct);
        if (result.OutputTruncated) throw new HelmException(HelmErrorKind.RenderFailed, "The texts render to more than Fleet accepts.");
        return Read(result.Output, texts.Count);
    }

    private static Task WriteAsync(PrivateFolder folder, string name, string text, CancellationToken ct) =>
        HelmRunner.WriteAsync(folder, $"{RenderChart.Name}/{name}", Encoding.UTF8.GetBytes(text), ct);

    // Each document is one line of JSON between "---" and a "# Source" comment.
    private static string[] Read(string output, int count)
    {
        var texts = new string?[count];
        foreach (var line in output.Split('\n'))
        {
            if (!line.StartsWith('{')) continue;
            using var json = JsonDocument.Parse(line);
            texts[json.RootElement.GetProperty("i").GetInt32()] = json.RootElement.GetProperty("t").GetString();
        }
        return [.. texts.Select(t => t ?? throw new HelmException(HelmErrorKind.RenderFailed, "helm did not print every text."))];
    }

    private static int FailedIndex(string message)
    {
        var match = FileName().Match(message);
        return match.Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : -1;
    }

    /// <summary>The innermost cause: helm wraps it in frames of our own template and repeats the whole text, which may be secret.</summary>
    internal static string Cause(string message)
    {
        const string inner = "template: gotpl:";
        var start = message.IndexOf(inner, StringComparison.Ordinal);
        if (start >= 0) return InnerFrame().Replace(message[(start + inner.Length)..], "line $1: ").Trim();
        var words = OwnFrame().Match(message);
        if (words.Success) return message[(words.Index + words.Length)..].Trim();
        var call = message.LastIndexOf("error calling tpl: ", StringComparison.Ordinal);
        return call >= 0 ? message[(call + "error calling tpl: ".Length)..].Trim() : message;
    }

    [GeneratedRegex(@"render/templates/r(\d+)\.yaml", RegexOptions.CultureInvariant)]
    private static partial Regex FileName();

    [GeneratedRegex(@"^(\d+)(?::\d+)?: (?:executing ""gotpl"" )?", RegexOptions.CultureInvariant)]
    private static partial Regex InnerFrame();

    [GeneratedRegex(@"execution error at \([^)]*\): ", RegexOptions.CultureInvariant)]
    private static partial Regex OwnFrame();
}
