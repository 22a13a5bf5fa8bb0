using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts.Services;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Resources;

namespace Fleet.StateManager.Services;

/// <summary>Reads what <c>valuesFrom</c> of a service names, in its order, and puts the inline values on top.</summary>
internal sealed class ValuesReader(IKubernetesClient management)
{
    /// <param name="inline">The rendered inline values.</param>
    /// <exception cref="ServiceValuesException">A source is missing or empty, or a text is no map.</exception>
    public async Task<IReadOnlyList<ValuesLayer>> ReadAsync(string ns, PlacedService service, string inline, CancellationToken ct)
    {
        var layers = new List<ValuesLayer>();
        foreach (var source in service.ValuesFrom ?? [])
        {
            var isSecret = source.Kind == "Secret";
            var found = await management.Dynamic(isSecret ? CoreKinds.Secrets : CoreKinds.ConfigMaps).GetAsync(new(ns, source.Name), ct)
                ?? throw new ServiceValuesException($"valuesFrom: {source.Kind} {ns}/{source.Name} does not exist");
            // Without keys it would silently mean "no values": more likely it has not been filled yet, or by a wrong name.
            if (found.At("data") is not JsonObject { Count: > 0 } data)
                throw new ServiceValuesException($"valuesFrom: {source.Kind} {ns}/{source.Name} has no keys, for instance values.yaml");
            foreach (var (key, value) in data.OrderBy(p => p.Key, StringComparer.Ordinal))
            {
                var origin = new ValuesOrigin(source.Kind, source.Name, key);
                var text = isSecret ? Encoding.UTF8.GetString(Convert.FromBase64String((string?)value ?? "")) : (string?)value ?? "";
                layers.Add(new(origin, ServiceValues.Parse(origin.ToString(), text)));
            }
        }
        if (!string.IsNullOrWhiteSpace(inline))
            layers.Add(new(ValuesOrigin.Inline, ServiceValues.Parse(ValuesOrigin.Inline.ToString(), inline)));
        return layers;
    }
}
