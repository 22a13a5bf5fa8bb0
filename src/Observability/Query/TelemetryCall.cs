using Fleet.Control.Access;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Query;

/// <summary>What every question about telemetry has in common: who asks, what they may read, and problem+json where there is no answer.</summary>
internal sealed class TelemetryCall(TelemetryAccess access)
{
    /// <param name="cluster">What the question says; may throw <see cref="TelemetryQueryException"/>.</param>
    public Task<IResult> AnswerAsync(HttpRequest request, Func<ObjectKey?> cluster, Func<TelemetryScope, Task<IResult>> answer, CancellationToken ct) =>
        AnswerAsync(request, cluster, (scope, _, _) => answer(scope), ct);

    public async Task<IResult> AnswerAsync(HttpRequest request, Func<ObjectKey?> cluster, Func<TelemetryScope, CallerAccess, Caller, Task<IResult>> answer, CancellationToken ct)
    {
        try
        {
            return await CallerResults.AnswerAsync(request, async (rights, caller) => await answer(await access.ScopeAsync(rights, caller, cluster(), ct), rights, caller), ct);
        }
        catch (TelemetryQueryException e)
        {
            return CallerResults.Problem(StatusCodes.Status400BadRequest, e.Message);
        }
        catch (TelemetryElsewhereException e)
        {
            // Not 404: of a trace that would say that there is none.
            return CallerResults.Problem(StatusCodes.Status501NotImplemented, e.Message);
        }
        catch (TelemetryUnavailableException e)
        {
            return CallerResults.Problem(StatusCodes.Status503ServiceUnavailable, e.Message);
        }
    }
}
