using System.Security.Cryptography;
using System.Text;
using Fleet.Helm.Releases;
using Fleet.Helm.Values;

namespace Fleet.ClusterManager.Releases;

/// <summary>
/// Renders a chart once for all clusters that differ only by their name: a fleet that goes to another template starts helm for the first two of them. The second is
/// the proof that nothing but the name differs; where something does, each cluster is rendered by itself. Failures are not kept.
/// </summary>
internal sealed class RenderedCharts(Func<TemplateRequest, CancellationToken, Task<string>> render)
{
    /// <summary>A fleet is changed from one state to another, so a few charts and values are in use at a time.</summary>
    private const int MostKept = 64;

    private const int LargestKept = 2 * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Shared> kept = [];
    private long uses;

    public async Task<string> RenderAsync(TemplateRequest request, CancellationToken ct)
    {
        if (InterchangeableNames.ShapeOf(request.Release, request.Chart, request.Values) is not { } shape)
            return await render(request, ct);
        var shared = Find(Key(request, shape));
        if (shared.For(request.Release.Name) is { } known)
            return known;
        if (shared.Differs)
            return await render(request, ct);
        // A fleet that is changed asks at once from everywhere: the others wait for the first two.
        await shared.Turn.WaitAsync(ct);
        try
        {
            if (shared.For(request.Release.Name) is { } meanwhile)
                return meanwhile;
            var text = await render(request, ct);
            shared.Learn(request.Release.Name, text);
            return text;
        }
        finally
        {
            shared.Turn.Release();
        }
    }

    private static string Key(TemplateRequest request, string shape) =>
        $"{request.Chart.Digest} {request.Release.Namespace} {shape} {Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalValues.ToText(request.Values))))}";

    private Shared Find(string key)
    {
        lock (gate)
        {
            if (!kept.TryGetValue(key, out var shared))
            {
                if (kept.Count >= MostKept)
                    kept.Remove(kept.MinBy(pair => pair.Value.LastUse).Key);
                kept[key] = shared = new();
            }
            shared.LastUse = ++uses;
            return shared;
        }
    }

    /// <summary>One chart with the same values.</summary>
    private sealed class Shared
    {
        private volatile Rendering? first;
        private volatile bool proven;

        public SemaphoreSlim Turn { get; } = new(1);

        public long LastUse { get; set; }

        /// <summary>The name is not all that differs, or it is too much to keep.</summary>
        public bool Differs { get; private set; }

        public string? For(string name) =>
            first is not { } known ? null
            : known.Name == name ? known.Text
            : proven ? known.Text.Replace(known.Name, name, StringComparison.Ordinal)
            : null;

        public void Learn(string name, string text)
        {
            if (first is { } known)
                (proven, Differs) = known.Text.Replace(known.Name, name, StringComparison.Ordinal) == text ? (true, false) : (false, true);
            else if (text.Length <= LargestKept)
                first = new(name, text);
            else
                Differs = true;
        }
    }

    private sealed record Rendering(string Name, string Text);
}
