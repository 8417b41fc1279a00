"""How Alembic reaches the library: through the connection that opened it."""

from alembic import context

from store.tables import NAMED

context.configure(connection=context.config.attributes["connection"], target_metadata=NAMED, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
