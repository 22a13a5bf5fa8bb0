using Fleet.Observability.Costs;
using Microsoft.AspNetCore.WebUtilities;

namespace Fleet.Observability.Tests.Costs;

public sealed class CostDetailTests
{
    [Theory]
    [InlineData("aggregate=namespace", "Namespaces")]
    [InlineData("aggregate=cluster,namespace&includeIdle=true&shareIdle=true&shareNamespaces=kube-system&filter=cluster:\"a/b\"%2B(namespace:\"x\"|namespace<~:\"y\")", "Namespaces")]
    [InlineData("aggregate=cluster&includeIdle=true&shareCost=5&filter=cluster:\"a/b\"", "Clusters")]
    [InlineData("aggregate=cluster&shareNamespaces=kube-system", "Namespaces")]
    [InlineData("aggregate=cluster&filter=namespace:\"x\"", "Namespaces")]
    [InlineData("", "Containers")]
    [InlineData("aggregate=namespace,controller", "Containers")]
    [InlineData("aggregate=label:team", "Containers")]
    [InlineData("aggregate=namespace&filter=namespace:\"x\"%2Blabel[app]:\"y\"", "Containers")]
    [InlineData("aggregate=namespace&shareLabels=app:ingress", "Containers")]
    [InlineData("aggregate=namespace&idleByNode=true", "Containers")]
    [InlineData("aggregate=namespace&includeAggregatedMetadata=true", "Containers")]
    public void Costs_are_read_as_coarsely_as_the_question_allows(string query, string detail) => Assert.Equal(
        detail, CostQuery.Read(QueryHelpers.ParseQuery($"window=7d&{query}"), new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero)).Detail.ToString());
}
