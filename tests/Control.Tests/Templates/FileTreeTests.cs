using Fleet.Control.Templates;

namespace Fleet.Control.Tests.Templates;

public sealed class FileTreeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fleet-tree-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("", "", "")]
    [InlineData("", "./a//b/", "a/b")]
    [InlineData("a/b", "../c", "a/c")]
    [InlineData("a/b", "../..", "")]
    [InlineData("a", "../../b", null)]
    [InlineData("", "..", null)]
    [InlineData("a", "/etc", null)]
    [InlineData("a", "b\\c", null)]
    [InlineData("a", "b\0c", null)]
    public void Paths_stay_inside_or_are_none(string from, string path, string? resolved) => Assert.Equal(resolved, FileTree.Resolve(from, path));

    [Fact]
    public void Both_trees_answer_alike()
    {
        Directory.CreateDirectory(Path.Combine(folder, "b", "c"));
        File.WriteAllText(Path.Combine(folder, "a.yaml"), "1");
        File.WriteAllText(Path.Combine(folder, "b", "c", "d.yaml"), "2");
        File.WriteAllText(Path.Combine(folder, "bc"), "3");
        FileTree[] trees = [new FolderTree(folder), new MemoryTree(new Dictionary<string, byte[]> { ["a.yaml"] = "1"u8.ToArray(), ["b/c/d.yaml"] = "2"u8.ToArray(), ["bc"] = "3"u8.ToArray() })];
        Assert.All(trees, tree =>
        {
            Assert.Equal(["a.yaml", "b/c/d.yaml", "bc"], tree.Below(""));
            Assert.Equal(["b/c/d.yaml"], tree.Below("b"));
            Assert.True(tree.HasFile("a.yaml") && tree.HasFolder("b") && tree.HasFolder(""));
            Assert.False(tree.HasFile("b") || tree.HasFolder("nope"));
            Assert.Equal("2", tree.ReadText("b/c/d.yaml"));
            Assert.Null(tree.ReadText("b/c"));
        });
    }

    [Fact]
    public void A_link_is_no_file_of_a_tree()
    {
        File.CreateSymbolicLink(Path.Combine(folder, "out"), "/etc");
        Assert.Empty(new FolderTree(folder).Below(""));
    }
}
