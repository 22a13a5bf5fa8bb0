using Fleet.Control.Grains;
using Fleet.Control.Queueing;
using Fleet.Control.Watching;
using Fleet.Observability.Days;

namespace Fleet.Observability.Teams.Categories;

/// <summary>Days that were added up ask for the categories that wait for them; the others look by themselves.</summary>
internal sealed class CategoryTrigger(FleetCategories categories) : ITrigger, IDayListener
{
    private IWorkQueue? queue;

    public Task StartAsync(IWorkQueue queue, CancellationToken ct)
    {
        this.queue = queue;
        return Task.CompletedTask;
    }

    public Task RolledAsync(GrainOwnership owner, CancellationToken ct)
    {
        foreach (var category in categories.Informer.Items.Where(category => category.Status?.ObservedGeneration != category.Metadata.Generation || category.Status?.Period is null))
            queue?.Add(category.Metadata.Key);
        return Task.CompletedTask;
    }
}
