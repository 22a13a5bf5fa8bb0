using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Services;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.StateManager.Services;

/// <summary>Reads the values of services: ConfigMaps and Secrets in their order, then the inline values; rendered where they are templates.</summary>
internal sealed class ServiceValuesReader(IKubernetesClient management, RenderedTexts rendered)
{
    /// <summary>One result per service, in order: problems of one service never touch another. Throws only when the management API itself fails.</summary>
    public async Task<IReadOnlyList<ValuesReading>> ReadAsync(
        ServiceSet set, ObjectKey cluster, IReadOnlyList<PlacedService> services, RenderMemory memory, PostedSources posted, CancellationToken ct)
    {
        var readings = new List<ValuesReading>(services.Count);
        foreach (var service in services)
            readings.Add(await ReadAsync(cluster.Namespace, service, posted, ct));
        var secrets = new HashSet<string>();
        try
        {
            var results = await rendered.OfAsync(set, cluster, [.. readings.SelectMany(reading => reading.Texts)], memory, secrets, ct, posted: posted);
            var next = 0;
            return [.. readings.Select(reading =>
            {
                var own = results.Skip(next).Take(reading.Texts.Count).ToList();
                next += own.Count;
                var failed = own.FindIndex(result => result.Error is not null);
                return reading with
                {
                    Texts = [.. reading.Texts.Zip(own, (text, result) => text with { Text = result.Text ?? "" })],
                    Secrets = [.. reading.Secrets, .. secrets],
                    Problem = reading.Problem ?? (failed >= 0 ? new($"{reading.Texts[failed].Name} cannot be rendered: {own[failed].Error}", true) : null),
                };
            })];
        }
        catch (TemplateInputsException e)
        {
            return [.. readings.Select(reading => reading.Texts.Any(text => text.IsOpen) ? reading with { Problem = reading.Problem ?? new(e.Message, e.IsFault) } : reading)];
        }
    }

    private async Task<ValuesReading> ReadAsync(string ns, PlacedService service, PostedSources posted, CancellationToken ct)
    {
        var texts = new List<SourceText>();
        var secrets = new HashSet<string>();
        foreach (var source in service.ValuesFrom ?? [])
        {
            var isSecret = source.Kind == CoreKinds.Secrets.Kind;
            var what = $"valuesFrom: {source.Kind} {ns}/{source.Name}";
            if ((posted.Source(source.Kind, new(ns, source.Name)) ?? await management.Dynamic(isSecret ? CoreKinds.Secrets : CoreKinds.ConfigMaps).GetAsync(new(ns, source.Name), ct)) is not { } found)
                return ValuesReading.Failed($"{what} does not exist");
            // Without keys it would silently mean "no values": more likely it has not been filled yet, or by a wrong name.
            if (found.At("data") is not JsonObject { Count: > 0 } data)
                return ValuesReading.Failed($"{what} has no keys, for instance values.yaml");
            var isTemplate = found.Metadata.Annotations?.ContainsKey(FleetAnnotations.SveltosTemplate) == true;
            foreach (var (key, text) in DataTexts.Of(found, source.Kind))
                texts.Add(SourceText.OfValues(new(source.Kind, source.Name, key), text, isTemplate));
            if (!isSecret)
                continue;
            secrets.UnionWith(SecretTexts.Of(found.Root));
            try
            {
                secrets.UnionWith(texts.TakeLast(data.Count).SelectMany(text => ServiceValues.Texts(ServiceValues.Parse(text.Name, text.Text))));
            }
            catch (ServiceValuesException)
            {
                // A template, or wrong: then merging says so.
            }
        }

        if (!string.IsNullOrWhiteSpace(service.Values))
            texts.Add(SourceText.OfValues(ValuesOrigin.Inline, service.Values, true));
        return new(texts, secrets, null);
    }
}

/// <summary>What the values of one service are made of. Later texts win.</summary>
internal sealed record ValuesReading(IReadOnlyList<SourceText> Texts, IReadOnlyCollection<string> Secrets, ValuesProblem? Problem)
{
    public static ValuesReading Failed(string message) => new([], [], new(message, true));

    /// <exception cref="ServiceValuesException">A text is not YAML, or not a map.</exception>
    public IReadOnlyList<ValuesLayer> Layers() => [.. Texts.Select(text => new ValuesLayer(text.Origin!, ServiceValues.Parse(text.Name, text.Text)))];
}

/// <summary>The values are not known. A fault is for a person to repair; anything else may come by itself.</summary>
internal sealed record ValuesProblem(string Message, bool IsFault);
