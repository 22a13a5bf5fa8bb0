using System.Text.Json.Nodes;
using Fleet.Contracts.Services;
using Fleet.Helm.Errors;
using Fleet.Helm.Rendering;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Services;

/// <summary>A text that a set's objects are made of: of a ConfigMap, a Secret, or stated in the set itself.</summary>
/// <param name="Name">For messages.</param>
internal sealed record SourceText(string Name, string Text, bool IsTemplate)
{
    /// <summary>Of values; null for manifests.</summary>
    public ValuesOrigin? Origin { get; private init; }

    public static SourceText OfValues(ValuesOrigin origin, string text, bool isTemplate) => new(origin.ToString(), text, isTemplate) { Origin = origin };

    public bool IsOpen => IsTemplate && Text.Contains("{{", StringComparison.Ordinal);
}

/// <summary>Renders the texts of a set, and reads what they ask for only when one is a template.</summary>
internal sealed class RenderedTexts(TemplateInputsReader inputs, ITemplateRenderer renderer)
{
    /// <summary>One result per text, in order; an error shows nothing of a Secret. Adds to <paramref name="secrets"/> what was read and must not be shown.</summary>
    /// <param name="more">What the texts can read beside the cluster's objects, which it does not hide.</param>
    /// <param name="posted">For previews.</param>
    /// <exception cref="TemplateInputsException">Nothing can be rendered.</exception>
    public async Task<IReadOnlyList<RenderResult>> OfAsync(
        ServiceSet set, ObjectKey cluster, IReadOnlyList<SourceText> texts, RenderMemory memory, HashSet<string> secrets, CancellationToken ct,
        JsonObject? more = null, PostedSources? posted = null)
    {
        var open = texts.Where(text => text.IsOpen).ToList();
        if (open.Count == 0)
            return [.. texts.Select(text => RenderResult.Rendered(text.Text))];
        var read = await inputs.ReadAsync(set, cluster, SetReferences.Of(set.Spec).Resources, posted ?? PostedSources.None, ct);
        secrets.UnionWith(read.Secrets);
        foreach (var (name, value) in more ?? [])
            if (!read.Root.ContainsKey(name))
                read.Root[name] = value?.DeepClone();
        // Equal inputs give equal texts: a look at a cluster that has not changed starts no helm.
        var hash = read.Hash(open.Select(text => text.Text));
        var results = memory.Of(hash) ?? memory.Keep(hash, await RunAsync(open, read, secrets, ct));
        var next = 0;
        return [.. texts.Select(text => text.IsOpen ? results[next++] : RenderResult.Rendered(text.Text))];
    }

    private async Task<IReadOnlyList<RenderResult>> RunAsync(IReadOnlyList<SourceText> open, TemplateInputs read, HashSet<string> secrets, CancellationToken ct)
    {
        try
        {
            var results = await renderer.RenderAsync([.. open.Select(text => new RenderText(text.Text, read.Root))], ct);
            var mask = new SecretMask(secrets);
            return [.. results.Select(result => result.Error is { } error ? RenderResult.Failed(mask.Apply(error)) : result)];
        }
        catch (HelmException e)
        {
            throw new TemplateInputsException(e.Message, !e.IsTransient);
        }
    }
}

/// <summary>The last rendering of one kind of texts of one set.</summary>
internal sealed class RenderMemory
{
    private (string Hash, IReadOnlyList<RenderResult> Results)? last;

    public IReadOnlyList<RenderResult>? Of(string hash) => last is { } known && known.Hash == hash ? known.Results : null;

    public IReadOnlyList<RenderResult> Keep(string hash, IReadOnlyList<RenderResult> results)
    {
        last = (hash, results);
        return results;
    }
}

/// <summary>What was rendered of all sets of a cluster; a part of its grain.</summary>
internal sealed class RenderMemories
{
    private readonly Dictionary<ObjectKey, SetMemory> memories = [];

    public SetMemory Of(ObjectKey set) => memories.TryGetValue(set, out var known) ? known : memories[set] = new();
}

/// <summary>What was rendered of one set.</summary>
internal sealed class SetMemory
{
    private readonly Dictionary<string, RenderMemory> services = new(StringComparer.Ordinal);

    public RenderMemory Values { get; } = new();

    public RenderMemory Manifests { get; } = new();

    public RenderMemory Patches { get; } = new();

    public RenderMemory PolicyPaths { get; } = new();

    /// <summary>Of one kind of texts of a service that is made of manifests.</summary>
    public RenderMemory Of(PlacedService service, string texts)
    {
        var key = $"{service.Namespace}/{service.Name} {texts}";
        return services.TryGetValue(key, out var known) ? known : services[key] = new();
    }
}
