using Fleet.Kubernetes.Objects;
using Fleet.Observability.Alerts.Rules;
using Fleet.Observability.Alerts.Sources;
using Fleet.Observability.Alerts.States;

namespace Fleet.Observability.Alerts.Engine;

/// <summary>Asks the source of one rule, and says which alerts its answer makes.</summary>
internal sealed partial class RuleEvaluation(IEnumerable<IAlertSource> sources, AlertObjects objects, ILogger<RuleEvaluation> log)
{
    /// <summary>A source that hangs holds up its own rule for so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <returns>Wanted is null when the rule could not be evaluated, and then the report says why.</returns>
    public async Task<(IReadOnlyList<WantedAlert>? Wanted, TimeSpan Keep, RuleReport Report)> EvaluateAsync(AlertRule rule, int index, DateTimeOffset now, CancellationToken ct)
    {
        var entry = rule.Spec.Rules[index];
        var key = new RuleKey(rule.Metadata.Key.Namespace, rule.Metadata.Key.Name, entry.Alert);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            var binding = new RuleBinding(rule.Spec, entry);
            var isSystem = AlertObjects.IsSystem(key.Namespace);
            var all = objects.Clusters.Items.Where(cluster => isSystem || cluster.Key.Namespace == key.Namespace).ToDictionary(cluster => cluster.Key);
            var expected = all.Where(cluster => cluster.Value.IsExpected).ToDictionary(cluster => cluster.Key, cluster => cluster.Value);
            var source = sources.FirstOrDefault(one => one.IsFor(entry)) ?? throw new AlertSourceException("nothing knows what this rule looks at", isMissing: true);
            var samples = await source.AskAsync(new(key, entry, expected, isSystem, now), limit.Token);
            var wanted = binding.Bind(samples, sample => ClusterOf(sample, all));
            return (wanted, binding.KeepFiringFor, new(key, samples.Count > RuleBinding.MostAlerts ? $"it finds {samples.Count}: only {RuleBinding.MostAlerts} become alerts" : null));
        }
        catch (AlertSourceException e)
        {
            return (null, default, new(key, e.Message, e.IsMissing));
        }
        catch (FormatException e)
        {
            return (null, default, new(key, e.Message, IsInvalid: true));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, default, new(key, $"there was no answer within {Patience.TotalSeconds} s"));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A source that fails in a way nobody thought of holds up its own rule and no other.
            LogFailed(key, e);
            return (null, default, new(key, $"it failed: {e.GetType().Name}"));
        }
    }

    private static AlertedCluster? ClusterOf(SourceSample sample, Dictionary<ObjectKey, AlertedCluster> clusters) =>
        sample.Labels.TryGetValue(Matching.AlertLabels.Cluster, out var name) && sample.Labels.TryGetValue(Matching.AlertLabels.ClusterNamespace, out var place)
            ? clusters.GetValueOrDefault(new(place, name)) : null;

    [LoggerMessage(3312, LogLevel.Error, "Rule {Rule} could not be evaluated")]
    private partial void LogFailed(RuleKey rule, Exception error);
}
