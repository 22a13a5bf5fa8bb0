using Fleet.Cli.Commands.Objects;
using Fleet.Cli.Output;

namespace Fleet.Cli.Tests;

public sealed class ManifestsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fleet-manifests").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Namespaces_come_before_what_lives_in_them_and_lists_are_unpacked()
    {
        Write("a.yaml", "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: p}}\n- {apiVersion: v1, kind: Namespace, metadata: {name: n}}\n");
        Write("b.yaml", "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: c}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\n");
        Assert.Equal(["CustomResourceDefinition", "Namespace", "Secret", "Pod"], Manifests.Read([folder]).Select(manifest => manifest.Object.Kind));
    }

    [Fact]
    public void A_broken_file_is_named_in_the_error()
    {
        var file = Write("broken.yaml", "apiVersion: v1\nkind: [");
        var error = Assert.Throws<CommandException>(() => Manifests.Read([file]));
        Assert.Contains("broken.yaml", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_does_not_exist_is_an_error_not_an_empty_apply() =>
        Assert.Throws<CommandException>(() => Manifests.Read([Path.Combine(folder, "absent")]));

    [Fact]
    public void A_folder_without_objects_is_an_error() => Assert.Throws<CommandException>(() => Manifests.Read([folder]));

    private string Write(string name, string text)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
