using System.Data.Common;
using Fleet.Contracts.Alerts;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Observability.Alerts.Api;
using Fleet.Observability.Alerts.Receivers;
using Fleet.Observability.Alerts.Storage;

namespace Fleet.Observability.Alerts.Status;

/// <summary>Status of Receivers: whether their Secrets are there, and what became of what they were told.</summary>
internal sealed class ReceiverReconciler(AlertObjects objects, AlertQueries queries, ReceiverSecrets secrets, IStatusWriter status, AlertOptions options, TimeProvider clock) : IReconciler
{
    private static readonly HashSet<ConditionType> Owned = [ReceiverConditions.Ready];

    /// <summary>Secrets are mended without a word to their receivers, and what was given up is forgotten.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(10);

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (!objects.Receivers.TryGet(request.Key, out var receiver))
            return Outcome.Done;
        try
        {
            var record = (await queries.ReceiversAsync(clock.GetUtcNow() - options.Remembered, ct)).GetValueOrDefault(request.Key) ?? ReceiverRecord.None;
            var generation = receiver.Metadata.Generation ?? 0;
            var wanted = new ReceiverStatus
            {
                // To the second, which is what an object's time has.
                Type = ReceiverTypes.Of(receiver.Spec), LastDelivery = record.LastDelivery is { } last ? new(last.UtcTicks - last.UtcTicks % TimeSpan.TicksPerSecond, TimeSpan.Zero) : null,
                Failed = record.Failed, Dead = record.Dead, ObservedGeneration = generation,
            };
            var condition = ConditionOf(record, await MissingSecretAsync(receiver, ct)) with { ObservedGeneration = generation };
            await status.WriteAsync(StatusChange.Of(FleetKinds.Receivers, receiver, wanted, [condition], Owned, request.Ownership));
            return Outcome.After(LookAgain);
        }
        catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException)
        {
            // The last figures stay: nobody knows better.
            return Outcome.Waiting("DatabaseUnavailable", TimeSpan.FromSeconds(30));
        }
    }

    internal static Condition ConditionOf(ReceiverRecord record, string? missingSecret) =>
        missingSecret is not null ? Condition.False(ReceiverConditions.Ready, ReceiverConditions.SecretMissing, missingSecret)
        : AlertViewsFrom.StateOf(record) switch
        {
            "failing" => Condition.False(ReceiverConditions.Ready, ReceiverConditions.DeliveryFailed, $"{record.Failed} notifications wait: {record.LastError}"),
            "dead" => Condition.False(ReceiverConditions.Ready, ReceiverConditions.DeadLetters, $"{record.Dead} notifications were given up: {record.LastError}"),
            "unused" => Condition.True(ReceiverConditions.Ready, ReceiverConditions.Succeeded, "nothing was told yet"),
            _ => Condition.True(ReceiverConditions.Ready, ReceiverConditions.Succeeded),
        };

    private async Task<string?> MissingSecretAsync(Receiver receiver, CancellationToken ct)
    {
        try
        {
            foreach (var reference in ReceiverSecrets.Of(receiver.Spec))
                _ = await secrets.ReadAsync(receiver.Metadata.Key.Namespace, reference, ct);
            return null;
        }
        catch (ReceiverSecretException e)
        {
            return e.Message;
        }
    }
}
