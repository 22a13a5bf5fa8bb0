using System.Text.Json.Nodes;
using Fleet.Contracts.Api;
using Fleet.Helm.Errors;
using Fleet.StateManager.ServiceSets;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Masking;

/// <summary>Values as they may be shown: none that comes from a Secret, and no text of one. Pure.</summary>
internal static class ValueViewsFrom
{
    public static ServiceValuesView Of(ServiceSource.Found source)
    {
        var (chart, layers, mask) = (source.Chart, source.Layers, new SecretMask(source.Secrets));
        return new()
        {
            Chart = $"{chart.Name}-{chart.Version}",
            Layers = [.. layers.Select(layer => View(layer.Origin)).Prepend(View(ValuesOrigin.Chart))],
            Values = [.. ValueProvenance.Of(chart.Content.Values, layers).Select(value => View(value, mask))],
        };
    }

    public static ValuesOriginView View(ValuesOrigin origin) => new() { Kind = origin.Kind, Name = origin.Name, Key = origin.Key };

    private static ValueView View(ExplainedValue value, SecretMask mask)
    {
        var shown = ManifestMask.Text(value.Value, mask);
        var isSecret = value.From.IsSecret || !JsonNode.DeepEquals(shown, value.Value);
        return new()
        {
            Path = value.Path,
            Value = isSecret ? null : shown,
            Secret = isSecret,
            From = View(value.From),
            Over = [.. value.Over.Select(View)],
        };
    }
}
