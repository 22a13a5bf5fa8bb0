using Fleet.Cost.Allocations;
using Fleet.Cost.Filters;

namespace Fleet.Cost.Tests.Filters;

public sealed class AllocationFilterTests
{
    private static readonly Allocation Row = Examples.Unit(
        "cluster-one", "node a b c", "kubecost", "pod-1", "main", "deployment", "web", labels: "app.kubernetes.io/name=web,env=", annotations: "team=blue,owner=ann") with
    { };

    [Theory]
    [InlineData("", true)]
    [InlineData(" \n\t ", true)]
    [InlineData("namespace:\"kubecost\"", true)]
    [InlineData("((namespace: \"kubecost\"))", true)]
    [InlineData("namespace:\"Kubecost\"", false)]
    [InlineData("namespace:\"kube\"", false)]
    [InlineData("namespace~:\"cost\"", true)]
    [InlineData("namespace<~:\"kube\"", true)]
    [InlineData("namespace~>:\"cost\"", true)]
    [InlineData("namespace!:\"kubecost\"", false)]
    [InlineData("namespace!~:\"xyz\"", true)]
    [InlineData("namespace!<~:\"kube\"", false)]
    [InlineData("namespace!~>:\"kube\"", true)]
    [InlineData("node:\"node 12 3\" , \"node a b c\"\n+\r namespace : \"kubecost\"", true)]
    [InlineData("namespace:\"a\",\"b\"", false)]
    [InlineData("namespace!:\"a\",\"b\"", true)]
    [InlineData("namespace!:\"a\",\"kubecost\"", false)]
    [InlineData("namespace:\"kubecost\" + cluster:\"cluster-one\" + controllerKind:\"deployment\" + controllerName:\"web\" + pod:\"pod-1\" + container:\"main\" + provider:\"node a b c\"", true)]
    [InlineData("namespace:\"x\" | (cluster:\"cluster-one\" + controllerKind:\"deployment\")", true)]
    [InlineData("namespace:\"x\" | (cluster:\"cluster-one\" + controllerKind:\"daemonset\")", false)]
    [InlineData("(namespace:\"kubecost\" | cluster<~:\"other-\") + services~:\"foo\"", false)]
    [InlineData("services:\"\"", true)]
    [InlineData("services:\"__unallocated__\"", true)]
    [InlineData("services<~:\"f\"", false)]
    [InlineData("label[app.kubernetes.io/name]:\"web\"", true)]
    [InlineData("label[app_kubernetes_io_name]:\"web\"", true)]
    [InlineData("label[app]:\"web\"", false)]
    [InlineData("label[app]:\"__unallocated__\"", true)]
    [InlineData("label[app]!:\"web\"", true)]
    [InlineData("label:\"env\"", true)]
    [InlineData("label!:\"env\"", false)]
    [InlineData("label~:\"app.kubernetes.io/name\"", true)]
    [InlineData("label<~:\"app.\"", true)]
    [InlineData("label~>:\"name\"", true)]
    [InlineData("label~>:\"nam\"", false)]
    [InlineData("annotation[team]:\"blue\"", true)]
    [InlineData("team:\"blue\"", true)]
    [InlineData("team!:\"blue\"", false)]
    [InlineData("department:\"__unallocated__\"", true)]
    [InlineData("department:\"x\"", false)]
    [InlineData("environment:\"\"", true)]
    [InlineData("owner<~:\"a\"", true)]
    [InlineData("product:\"web\"", false)]
    public void Filters_mean_what_they_say(string filter, bool matches) => Assert.Equal(matches, AllocationFilter.Parse(filter).Matches(Row));

    [Fact]
    public void A_service_is_one_of_a_list()
    {
        var row = Examples.Unit("c", "n", "ns", "p", "main", service: "web");
        Assert.True(AllocationFilter.Parse("services:\"web\"").Matches(row));
        Assert.False(AllocationFilter.Parse("services:\"we\"").Matches(row));
        Assert.True(AllocationFilter.Parse("services<~:\"we\"").Matches(row));
        Assert.True(AllocationFilter.Parse("services!:\"api\"").Matches(row));
        Assert.False(AllocationFilter.Parse("services:\"\"").Matches(row));
    }

    [Fact]
    public void An_alias_is_a_label_that_can_be_named_and_else_an_annotation()
    {
        var row = Examples.Unit("c", "n", "ns", "p", "main", labels: "squad=red", annotations: "squad=blue");
        Assert.True(AllocationFilter.Parse("team:\"red\"", new() { Team = "squad" }).Matches(row));
        Assert.False(AllocationFilter.Parse("team:\"blue\"", new() { Team = "squad" }).Matches(row));
    }

    [Theory]
    [InlineData("()", 1, "expected a field or '(', found ')'")]
    [InlineData("namespace", 9, "expected an operator such as ':' or '!~:', found the end")]
    [InlineData("namespace.:\"a\"", 9, "unexpected '.'")]
    [InlineData("namespace:kubecost", 10, "expected a value in quotation marks, found 'kubecost'")]
    [InlineData("namespace:\"a", 10, "'\"' is never closed by '\"'")]
    [InlineData("label[app:\"a\"", 5, "'[' is never closed by ']'")]
    [InlineData("label[]:\"a\"", 0, "the key is empty")]
    [InlineData("namespace[a]:\"a\"", 9, "'namespace' has no keys")]
    [InlineData("(namespace:\"a\"))", 15, "expected '+', '|' or the end, found ')'")]
    [InlineData("((namespace:\"a\")", 0, "'(' is never closed by ')'")]
    [InlineData("namespace:\"a\" | services~:\"b\" + cluster:\"c\"", 30, "'+' and '|' need parentheses to be mixed")]
    [InlineData("namespace:\"a\" + services~:\"b\" | cluster:\"c\"", 30, "'+' and '|' need parentheses to be mixed")]
    [InlineData("namespace:\"a\",", 14, "expected a value in quotation marks, found the end")]
    [InlineData("namespace:\"a\" namespace:\"b\"", 14, "expected '+', '|' or the end, found 'namespace'")]
    [InlineData("namespace!\"a\"", 9, "unexpected '!'")]
    [InlineData("namespace~\"a\"", 9, "unexpected '~'")]
    [InlineData("namespace<\"a\"", 9, "unexpected '<'")]
    [InlineData("é:\"a\"", 0, "unexpected character U+00E9; values stand in quotation marks")]
    public void Errors_say_where_and_what(string filter, int position, string message)
    {
        var error = Assert.Throws<FilterException>(() => AllocationFilter.Parse(filter));
        Assert.Equal((position, $"filter, position {position}: {message}"), (error.Position, error.Message));
    }

    [Fact]
    public void An_unknown_field_is_told_the_known_ones() =>
        Assert.StartsWith("filter, position 0: 'colour' is no field: use cluster, node, namespace,", Assert.Throws<FilterException>(() => AllocationFilter.Parse("colour:\"a\"")).Message, StringComparison.Ordinal);
}
