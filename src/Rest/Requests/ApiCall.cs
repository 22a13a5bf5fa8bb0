using System.Text.Json.Nodes;
using Fleet.Rest.Audit;
using Fleet.Control.Access;

namespace Fleet.Rest.Requests;

/// <summary>One call whose caller is known: what handlers ask and report through. Made by <see cref="ApiCallFilter"/>.</summary>
public sealed class ApiCall(Guid id, Caller caller, string? from, bool isWrite, CallerAccess access, AuditTrail audit, TimeProvider clock)
{
    private AccessQuestion? asked;

    public Guid Id => id;

    public Caller Caller => caller;

    /// <summary>Set once a write has been recorded by itself.</summary>
    public bool IsRecorded { get; private set; }

    public static ApiCall Of(HttpContext http) =>
        http.Features.Get<ApiCall>() ?? throw new InvalidOperationException("the endpoint is not in the group of the admin API");

    /// <summary>Throws when RBAC does not allow it. Writes ask anew, reads may use an answer of the last seconds.</summary>
    public Task RequireAsync(AccessQuestion question, CancellationToken ct)
    {
        asked = question;
        return access.RequireAsync(caller, question, isWrite, ct);
    }

    public Task<bool> MayAsync(AccessQuestion question, CancellationToken ct)
    {
        asked ??= question;
        return access.MayAsync(caller, question, isWrite, ct);
    }

    /// <summary>
    /// Makes a change that the audit knows of: it is recorded before (or nothing is done), and its outcome before the answer goes out.
    /// The change itself is not given up when the caller goes away.
    /// </summary>
    /// <param name="question">What RBAC has allowed.</param>
    /// <param name="before">The object as it is; null when there is none, or when it holds secrets.</param>
    /// <param name="write">Returns the result and the object as it is afterwards.</param>
    public async Task<T> WriteAsync<T>(AccessQuestion question, JsonObject? before, bool dryRun, Func<Task<(T Result, JsonObject? After)>> write, CancellationToken ct)
    {
        var entry = Entry(question) with { Before = ObjectHash.Of(before), DryRun = dryRun, Outcome = AuditOutcome.Started };
        await audit.BeginAsync(entry, ct);
        IsRecorded = true;
        try
        {
            var (result, after) = await write();
            await audit.CompleteAsync(entry with { Outcome = AuditOutcome.Succeeded, Status = StatusCodes.Status200OK, After = ObjectHash.Of(after) });
            return result;
        }
        catch (Exception error)
        {
            var problem = Problems.ProblemFrom.Exception(error);
            await audit.CompleteAsync(entry with
            {
                Outcome = AuditOutcome.Failed, Status = problem?.Kind.Status ?? StatusCodes.Status500InternalServerError, Detail = problem?.Message ?? error.GetType().Name,
            });
            throw;
        }
    }

    /// <summary>Records a read, or a write that did not come so far. Never waits.</summary>
    public void Note(int status, string? detail) => audit.Note(Entry(asked) with { Outcome = OutcomeOf(status), Status = status, Detail = detail });

    internal static AuditOutcome OutcomeOf(int status) => status switch
    {
        < 400 => AuditOutcome.Succeeded,
        StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => AuditOutcome.Refused,
        _ => AuditOutcome.Failed,
    };

    private AuditEntry Entry(AccessQuestion? question) => new()
    {
        RequestId = id,
        Time = clock.GetUtcNow(),
        User = caller.Name,
        Uid = caller.Uid,
        Groups = caller.Groups,
        From = from,
        Verb = question?.Verb ?? "",
        Resource = question is null ? "" : question.Subresource is null ? question.Resource.Plural : $"{question.Resource.Plural}/{question.Subresource}",
        Namespace = question?.Namespace is { Length: > 0 } named ? named : null,
        Name = question?.Name,
    };
}
