namespace Fleet.Contracts.Tests;

/// <summary>contracts.txt changes only together with a line in the changelog.</summary>
public class LockedSurfaceTests
{
    [Fact]
    public void Public_surface_is_the_one_in_contracts_txt()
    {
        var file = RepositoryFiles.Path("src", "Contracts", "contracts.txt");
        if (RepositoryFiles.Update)
            File.WriteAllText(file, LockedSurface.Text());
        Assert.Equal(File.ReadAllText(file), LockedSurface.Text());
    }
}
