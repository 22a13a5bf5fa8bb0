global using Budget = Fleet.Kubernetes.Objects.CustomResource<Fleet.Contracts.Budgets.BudgetSpec, Fleet.Contracts.Budgets.BudgetStatus>;
