using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Http;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Kubernetes.Table;

internal sealed class TableReader(KubeHttpPipeline pipeline)
{
    private const int LargestPage = 256 * 1024 * 1024;

    internal async Task<ObjectTable> ListAsync(ResourceKind kind, ListOptions options, CancellationToken ct)
    {
        IReadOnlyList<TableColumn> columns = [];
        var rows = new List<TableRow>();
        string? next = null;
        var restarted = false;
        do
        {
            try
            {
                var (page, token) = await PageAsync(ResourcePath.List(kind, options, restarted ? 0 : options.PageSize, next), ct);
                columns = columns.Count == 0 ? page.ColumnDefinitions : columns;
                rows.AddRange(page.Rows);
                next = token;
            }
            catch (KubeApiException e) when (e.IsGone && next is not null)
            {
                // The token has expired: all over again, and now in one piece.
                rows.Clear();
                next = null;
                restarted = true;
                continue;
            }

            if (next is null)
                return new() { ColumnDefinitions = columns, Rows = rows };
        }
        while (true);
    }

    private Task<(ObjectTable Page, string? Continue)> PageAsync(string path, CancellationToken ct)
        => pipeline.SendAsync(
            ApiRequest.Get(path) with { Accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" },
            async (response, token) =>
            {
                using var body = await PooledBytes.ReadAsync(response.Content, LargestPage, token) ?? throw new JsonException("the table is too large");
                if (JsonNode.Parse(body.Span) is not JsonObject root || root["kind"]?.ToJsonString() != "\"Table\"")
                    throw new JsonException("the server did not answer with a table");
                var table = root.Deserialize(TableJson.Default.ObjectTable) ?? throw new JsonException("the table is empty");
                return (table, (string?)root["metadata"]?["continue"] is { Length: > 0 } next ? next : null);
            },
            ct);
}
