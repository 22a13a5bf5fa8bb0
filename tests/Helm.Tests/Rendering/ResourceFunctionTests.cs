using Fleet.Helm.Rendering;

namespace Fleet.Helm.Tests.Rendering;

public sealed class ResourceFunctionTests
{
    [Theory]
    [InlineData("""a {{ getResource "x" }} b""", """a {{ index $.Resources "x" }} b""")]
    [InlineData("""{{ (getResource "x").data.y }}""", """{{ (index $.Resources "x").data.y }}""")]
    [InlineData("""{{- $r := getResource "x" -}}""", """{{- $r := index $.Resources "x" -}}""")]
    [InlineData("""{{ "x" | getResource }}{{ getResource "y" }}""", """{{ "x" | index $.Resources }}{{ index $.Resources "y" }}""")]
    [InlineData("""getResource "x" outside""", """getResource "x" outside""")]
    [InlineData("""{{ "say getResource \" }} getResource" }}""", """{{ "say getResource \" }} getResource" }}""")]
    [InlineData("{{ `getResource }}` }}", "{{ `getResource }}` }}")]
    [InlineData("{{/* getResource }} */}} {{ .getResource }} {{ $getResource }}", "{{/* getResource }} */}} {{ .getResource }} {{ $getResource }}")]
    [InlineData("{{ getResources }} {{ mygetResource }}", "{{ getResources }} {{ mygetResource }}")]
    [InlineData("{{ getResource", "{{ index $.Resources")]
    [InlineData("{{ \"open getResource", "{{ \"open getResource")]
    public void Only_the_function_inside_actions_is_rewritten(string text, string expected) => Assert.Equal(expected, ResourceFunction.Rewrite(text));

    [Theory]
    [InlineData("template: render/templates/r0.yaml:1:55: executing \"x\" at <tpl …>: error calling tpl: error during tpl function execution for \"secret text\": template: gotpl:2:8: executing \"gotpl\" at <.a.b.c>: nil pointer evaluating interface {}.b",
        "line 2: at <.a.b.c>: nil pointer evaluating interface {}.b")]
    [InlineData("template: render/templates/r0.yaml:1:55: error calling tpl: cannot parse template \"{{ nofunc }}\": template: gotpl:1: function \"nofunc\" not defined",
        "line 1: function \"nofunc\" not defined")]
    [InlineData("execution error at (render/templates/r0.yaml:1:55): my words", "my words")]
    [InlineData("something else", "something else")]
    public void The_cause_is_the_innermost_one(string message, string expected) => Assert.Equal(expected, TemplateRenderer.Cause(message));
}
