using System.Security.Cryptography;
using System.Text;
using Fleet.Rest.Problems;
using Fleet.Rest.Requests;
using Fleet.Contracts.Api;
using Fleet.Kubernetes.Resources;

namespace Fleet.Rest.Lists;

/// <summary>
/// Answers lists: page by page from one snapshot of the management API, filtered, and without what the caller may not see. Who has no right to list
/// everywhere gets the objects of the namespaces in which they have it, and is told so.
/// </summary>
public sealed class KindListing(IKubernetesClient client)
{
    /// <summary>Objects that one call looks through at most, so that a filter that passes little does not hold a call for long.</summary>
    private const int MostSeen = 5000;

    /// <param name="complete">Adds to a view what its object does not hold.</param>
    public async Task<IResult> AnswerAsync<TView>(HttpContext http, ApiKind<TView> kind, CancellationToken ct, Func<TView, Task<TView>>? complete = null)
    {
        var call = ApiCall.Of(http);
        var query = QueryReader.Read(http);
        var (page, tags) = await ReadAsync(call, kind, query, ct);
        if (complete is not null)
        {
            var items = new List<TView>(page.Items.Count);
            foreach (var item in page.Items)
                items.Add(await complete(item));
            page = page with { Items = items };
            // What is added has no version of its own.
            tags += string.Join('\n', items.Select(item => System.Text.Json.JsonSerializer.Serialize(item, kind.Json)));
        }

        var etag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tags)).AsSpan(0, 16))}\"";
        http.Response.Headers.ETag = etag;
        return page.Continue is null && ETags.IsKnown(http.Request, etag) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Json(page, kind.PageJson);
    }

    private async Task<(Page<TView> Page, string Tags)> ReadAsync<TView>(ApiCall call, ApiKind<TView> kind, QueryReader query, CancellationToken ct)
    {
        var @namespace = query.Text("namespace") ?? "";
        if (@namespace.Length > 0 && !PathNames.IsNamespace(@namespace))
            throw ProblemException.Invalid("?namespace", "must be a name of a namespace");
        var everywhere = await ListAccess.MayListAsync(call, kind.Resource, @namespace, ct);
        var limit = query.Integer("limit") ?? ApiKind<TView>.UsualItems;
        var filters = kind.Filters.Select(filter => (filter, Value: query.Text(filter.Parameter.Name))).Where(filter => filter.Value is not null).ToList();
        var fingerprint = Fingerprint(kind, @namespace, query);
        var next = query.Text("continue") is { } token ? ContinueToken.Read(token, fingerprint) : null;
        var options = new ListOptions { Namespace = @namespace.Length > 0 ? @namespace : null, LabelSelector = query.Text("labelSelector") };
        var items = new List<TView>();
        var tags = new StringBuilder();
        var limited = false;
        var seen = 0;
        string version;
        do
        {
            // Asking for what is still missing only means that no page of the server has to be cut, so its own token is always the right one.
            // Filters that pass little end at half a page, else the last items would be fetched one by one.
            var chunk = await client.Dynamic(kind.Resource).PageAsync(options with { PageSize = Math.Max(limit - items.Count, 1) }, next, ct);
            (version, next) = (chunk.ResourceVersion, chunk.Next);
            foreach (var item in chunk.Items)
            {
                seen++;
                if (!everywhere && !await call.MayAsync(new("list", kind.Resource, item.Key.Namespace), ct))
                {
                    limited = true;
                    continue;
                }

                var view = kind.View(item);
                if (!filters.TrueForAll(filter => filter.filter.Passes(view, filter.Value!)))
                    continue;
                items.Add(view);
                tags.Append(item.Key).Append('@').Append((string?)item.Root["metadata"]?["resourceVersion"]).Append('\n');
            }
        }
        while (next is not null && items.Count * 2 < limit && seen < MostSeen);
        tags.Append(limited).Append(fingerprint);
        return (new()
        {
            Items = items,
            Continue = next is null ? null : ContinueToken.Write(next, fingerprint),
            ResourceVersion = version,
            LimitedByAccess = limited,
        }, tags.ToString());
    }

    private static string Fingerprint<TView>(ApiKind<TView> kind, string @namespace, QueryReader query) =>
        string.Join('\n', [kind.Segment, @namespace, query.Text("labelSelector") ?? "", .. kind.Filters.Select(filter => query.Text(filter.Parameter.Name) ?? "")]);
}
