using System.Globalization;
using Fleet.Rest.Lists;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;
using Fleet.Contracts;
using Fleet.Contracts.Api;
using Fleet.Control.Audit;
using Fleet.Kubernetes.Objects;

namespace Fleet.Rest.Audit;

/// <summary>The audit, for those whom RBAC lets <c>list</c> the virtual resource <c>audits.k0rdent.mirantis.com</c>, in one namespace or in all.</summary>
public static class AuditEndpoints
{
    private const int UsualItems = 100;

    private static readonly ResourceKind Audits = new(FleetApi.Group, FleetApi.Version, "Audit", "audits", Namespaced: true);

    private static readonly QueryParameters Parameters = new(
    [
        new("namespace", QueryType.Text, "Only calls about objects in this namespace.") { Longest = 63 },
        new("name", QueryType.Text, "Only calls about objects of this name.") { Longest = 253 },
        new("user", QueryType.Text, "Only calls of this user."),
        new("verb", QueryType.Text, "Only calls with this verb.") { Longest = 63 },
        new("resource", QueryType.Text, "Only calls about this resource, for instance clusterdeployments or clusterdeployments/kubeconfig.") { Longest = 253 },
        new("outcome", QueryType.Text, "Only calls that ended so.") { Among = Enum.GetNames<AuditOutcome>() },
        new("since", QueryType.Time, "Only calls from then on."),
        new("until", QueryType.Time, "Only calls before then."),
        new("limit", QueryType.Integer, $"How many entries a page may hold; {UsualItems} when absent.") { Most = 1000 },
        new("continue", QueryType.Text, "From the page before."),
    ]);

    private static readonly QueryParameters ExportParameters = new([new("after", QueryType.Text, "Only rows after this place, SEQUENCE:HASH as an earlier export ended with.") { Longest = 100 }]);

    public static void MapAudit(this IEndpointRouteBuilder api)
    {
        api.MapGet("/audit", (HttpContext http, IAuditStore store, CancellationToken ct) => FindAsync(http, store, ct))
            .Describe<Page<AuditView>>("listAudit", "Who did what, newest first; needs list on audits.k0rdent.mirantis.com", Parameters).WithTags("audit");
        api.MapGet("/audit/export", (HttpContext http, IAuditStore store, CancellationToken ct) => ExportAsync(http, store, ct))
            .Describe<string>("exportAudit", "The audit as lines of JSON with its chain, to be verified elsewhere; needs list on audits.k0rdent.mirantis.com in all namespaces", ExportParameters).WithTags("audit");
    }

    private static async Task<IResult> FindAsync(HttpContext http, IAuditStore store, CancellationToken ct)
    {
        var query = QueryReader.Read(http);
        var @namespace = query.Text("namespace");
        if (@namespace is not null && !PathNames.IsNamespace(@namespace))
            throw ProblemException.Invalid("?namespace", "must be a name of a namespace");
        await ApiCall.Of(http).RequireAsync(new("list", Audits, @namespace ?? ""), ct);
        // The filters are part of the token's fingerprint, so that a page cannot continue another query.
        var what = string.Join('\n', Parameters.All.Where(parameter => parameter.Name is not ("limit" or "continue")).Select(parameter => query.Text(parameter.Name) ?? ""));
        var wanted = new AuditQuery
        {
            Namespace = @namespace,
            Name = query.Text("name"),
            User = query.Text("user"),
            Verb = query.Text("verb"),
            Resource = query.Text("resource"),
            Outcome = query.Text("outcome") is { } outcome ? Enum.Parse<AuditOutcome>(outcome) : null,
            Since = query.Time("since"),
            Until = query.Time("until"),
            Limit = query.Integer("limit") ?? UsualItems,
            Before = query.Text("continue") is { } token ? Place(ContinueToken.Read(token, what)) : null,
        };
        var found = await store.FindAsync(wanted, ct)
            ?? throw new ProblemException(ProblemKind.AuditUnavailable, "the audit goes to the log of this process; with --postgres FILE it can be asked here");
        return Results.Json(
            new Page<AuditView>
            {
                Items = [.. found.Select(entry => entry.View())],
                Continue = found.Count < wanted.Limit ? null : ContinueToken.Write(Place(found[^1]), what),
            },
            RestJson.Default.PageAuditView);
    }

    private static async Task<IResult> ExportAsync(HttpContext http, IAuditStore store, CancellationToken ct)
    {
        var query = QueryReader.Read(http);
        await ApiCall.Of(http).RequireAsync(new("list", Audits, ""), ct);
        var after = query.Text("after") is not { } text ? null : text.Split(':') is [var number, { Length: 64 } hash] && long.TryParse(number, CultureInfo.InvariantCulture, out var sequence) && sequence >= 0
            ? new AuditPlace(sequence, hash)
            : throw ProblemException.Invalid("?after", "must be SEQUENCE:HASH as an earlier export ended with");
        var export = await store.ExportAsync(after, ct)
            ?? throw new ProblemException(ProblemKind.AuditUnavailable, "the audit goes to the log of this process; with --postgres FILE it can be asked here");
        return Results.Stream(async stream =>
        {
            await using (export)
            await using (var writer = new StreamWriter(stream, new System.Text.UTF8Encoding(false), 64 * 1024, leaveOpen: true) { NewLine = "\n" })
            {
                await writer.WriteLineAsync(AuditLines.Begin(export.After));
                await foreach (var record in export.Rows.WithCancellation(ct))
                    await writer.WriteLineAsync(AuditLines.Row(record));
                await writer.WriteLineAsync(AuditLines.End(export.Head));
            }
        }, AuditLines.MediaType);
    }

    private static string Place(AuditEntry entry) => $"{entry.Time.UtcTicks.ToString(CultureInfo.InvariantCulture)} {entry.RequestId}";

    private static (DateTimeOffset Time, Guid RequestId) Place(string text) =>
        text.Split(' ') is [var ticks, var id] && long.TryParse(ticks, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < 3155378975999999999 && Guid.TryParse(id, out var guid)
            ? (new DateTimeOffset(number, TimeSpan.Zero), guid)
            : throw ProblemException.Invalid("?continue", "must be what the page before gave");
}
