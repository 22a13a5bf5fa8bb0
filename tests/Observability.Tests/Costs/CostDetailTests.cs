using Fleet.Observability.Costs;
using Fleet.Observability.Ledger;
using Microsoft.AspNetCore.WebUtilities;

namespace Fleet.Observability.Tests.Costs;

public sealed class CostDetailTests
{
    [Theory]
    [InlineData("aggregate=namespace", true)]
    [InlineData("aggregate=cluster,namespace&includeIdle=true&shareIdle=true&shareNamespaces=kube-system&filter=cluster:\"a/b\"%2B(namespace:\"x\"|namespace<~:\"y\")", true)]
    [InlineData("", false)]
    [InlineData("aggregate=namespace,controller", false)]
    [InlineData("aggregate=label:team", false)]
    [InlineData("aggregate=namespace&filter=namespace:\"x\"%2Blabel[app]:\"y\"", false)]
    [InlineData("aggregate=namespace&shareLabels=app:ingress", false)]
    [InlineData("aggregate=namespace&idleByNode=true", false)]
    [InlineData("aggregate=namespace&includeAggregatedMetadata=true", false)]
    public void Only_what_namespaces_can_tell_is_read_by_namespace(string query, bool byNamespace) => Assert.Equal(
        byNamespace ? LedgerDetail.Namespaces : LedgerDetail.Containers, CostQuery.Read(QueryHelpers.ParseQuery($"window=7d&{query}"), new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero)).Detail);
}
