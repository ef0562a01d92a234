"""Mandates and relays, written words of recordings, access needs; notices are encrypted.

Revision: 0002, after 0001.
"""

from alembic import op
import sqlalchemy as sa

from storage.columns import Encrypted, Sealable

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("task", "transcript", "report", "relay", "access", "invitation", "spoken", "mandate")
ADDED = (("aspiration", "flagged"), ("aspiration_part", "origin"), ("media", "fault"))
MESSAGES = ("chat_id", "message_id")


def upgrade() -> None:
    op.create_table('mandate',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('chat_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('scope', sa.JSON(), nullable=False),
    sa.Column('forum', sa.Boolean(), nullable=False),
    sa.Column('label', sa.Text(), nullable=True),
    sa.Column('conduct', sa.Text(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('flagged_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mandate'))
    )
    op.create_index('uq_mandate_holder', 'mandate', ['chat_id', 'role'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('spoken',
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('file_id', sa.Text(), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_spoken'))
    )
    op.create_table('invitation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('scope', sa.JSON(), nullable=False),
    sa.Column('forum', sa.Boolean(), nullable=False),
    sa.Column('from_mandate', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['from_mandate'], ['mandate.id'], name=op.f('fk_invitation_from_mandate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('digest', name=op.f('uq_invitation_digest'))
    )
    op.create_table('access',
    sa.Column('resident_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('needs', sa.Text(), nullable=True),
    sa.Column('other', sa.Text(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_access_resident_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('resident_id', name=op.f('pk_access'))
    )
    op.create_table('relay',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('aspiration_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('mandate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('relayed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('contact', sa.Text(), nullable=True),
    sa.Column('relation', sa.Text(), nullable=False),
    sa.Column('maturity', sa.Text(), nullable=False),
    sa.Column('groups', sa.Text(), nullable=True),
    sa.Column('needs', sa.Text(), nullable=True),
    sa.Column('told_by', sa.Text(), nullable=False),
    sa.Column('consent_form', sa.Text(), nullable=False),
    sa.Column('consent_media_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('witnessed', sa.Text(), nullable=True),
    sa.Column('consented_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('form_number', sa.Text(), nullable=True),
    sa.Column('claim_digest', sa.Text(), nullable=False),
    sa.Column('claim_tries', sa.Integer(), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['aspiration_id'], ['aspiration.id'], name=op.f('fk_relay_aspiration_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['consent_media_id'], ['media.id'], name=op.f('fk_relay_consent_media_id')),
    sa.ForeignKeyConstraint(['mandate_id'], ['mandate.id'], name=op.f('fk_relay_mandate_id')),
    sa.ForeignKeyConstraint(['relayed_by'], ['mandate.id'], name=op.f('fk_relay_relayed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_relay')),
    sa.UniqueConstraint('aspiration_id', name=op.f('uq_relay_aspiration_id')),
    sa.UniqueConstraint('form_number', name=op.f('uq_relay_form_number'))
    )
    op.create_index(op.f('ix_relay_mandate_id'), 'relay', ['mandate_id'], unique=False)
    op.create_index(op.f('ix_relay_consent_media_id'), 'relay', ['consent_media_id'], unique=False)
    op.create_table('report',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('relay_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answer_media_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['answer_media_id'], ['media.id'], name=op.f('fk_report_answer_media_id')),
    sa.ForeignKeyConstraint(['event_id'], ['aspiration_event.id'], name=op.f('fk_report_event_id')),
    sa.ForeignKeyConstraint(['relay_id'], ['relay.id'], name=op.f('fk_report_relay_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report')),
    sa.UniqueConstraint('event_id', name=op.f('uq_report_event_id'))
    )
    op.create_index('ix_report_due', 'report', ['due_at'], unique=False, sqlite_where=sa.text('told_at IS NULL AND ended_at IS NULL'), postgresql_where=sa.text('told_at IS NULL AND ended_at IS NULL'))
    op.create_index(op.f('ix_report_answer_media_id'), 'report', ['answer_media_id'], unique=False)
    op.create_index(op.f('ix_report_relay_id'), 'report', ['relay_id'], unique=False)
    op.create_table('transcript',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('part_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('written_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['part_id'], ['aspiration_part.id'], name=op.f('fk_transcript_part_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['written_by'], ['mandate.id'], name=op.f('fk_transcript_written_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transcript'))
    )
    op.create_index(op.f('ix_transcript_part_id'), 'transcript', ['part_id'], unique=False)
    op.create_table('task',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('part_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('region', sa.Text(), nullable=False),
    sa.Column('transcript_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('mandate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['mandate_id'], ['mandate.id'], name=op.f('fk_task_mandate_id')),
    sa.ForeignKeyConstraint(['part_id'], ['aspiration_part.id'], name=op.f('fk_task_part_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['region'], ['region.kode'], name=op.f('fk_task_region')),
    sa.ForeignKeyConstraint(['transcript_id'], ['transcript.id'], name=op.f('fk_task_transcript_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task'))
    )
    op.create_index('ix_task_open', 'task', ['created_at', 'id'], unique=False, sqlite_where=sa.text("state IN ('open', 'taken')"), postgresql_where=sa.text("state IN ('open', 'taken')"))
    op.create_index(op.f('ix_task_part_id'), 'task', ['part_id'], unique=False)
    for table, column in ADDED:
        op.add_column(table, sa.Column(column, sa.Text(), server_default="", nullable=False))
    for column in MESSAGES:
        op.add_column("inbox", sa.Column(column, BIG, nullable=True))
    with op.batch_alter_table("consent") as consent:
        consent.add_column(sa.Column("media_id", BIG, nullable=True))
        consent.create_foreign_key(op.f("fk_consent_media_id"), "media", ["media_id"], ["id"])
    op.create_index(op.f("ix_consent_media_id"), "consent", ["media_id"], unique=False)
    park_notices()
    with op.batch_alter_table("notice") as notice:
        notice.alter_column("aspiration_id", existing_type=BIG, nullable=True)
        notice.alter_column("event_id", existing_type=BIG, nullable=True)
        notice.alter_column("params", type_=sa.Text(), existing_type=sa.JSON(), postgresql_using="params::text")
    fetch_notices()
    convert(sa.Text(), Encrypted())
    op.create_index(op.f("ix_notice_chat_id"), "notice", ["chat_id"])


def downgrade() -> None:
    """Back to 0001. Its notices are changes alone: all other letters go, with the names and words in them.

    Files that were sealed with DATA_KEYS stay as they are in MEDIA_DIR: 0001 cannot read them.
    """
    unseal_chats()
    drop_letters()
    op.drop_index(op.f("ix_notice_chat_id"), table_name="notice")
    convert(Encrypted(), sa.Text())
    park_notices()
    with op.batch_alter_table("notice") as notice:
        notice.alter_column("params", type_=sa.JSON(), existing_type=sa.Text(), postgresql_using="params::json")
        notice.alter_column("event_id", existing_type=BIG, nullable=False)
        notice.alter_column("aspiration_id", existing_type=BIG, nullable=False)
    fetch_notices()
    op.drop_index(op.f("ix_consent_media_id"), "consent")
    with op.batch_alter_table("consent") as consent:
        consent.drop_constraint(op.f("fk_consent_media_id"), type_="foreignkey")
        consent.drop_column("media_id")
    for column in reversed(MESSAGES):
        op.drop_column("inbox", column)
    for table, column in ADDED:
        op.drop_column(table, column)
    for table in TABLES:
        op.drop_table(table)


def drop_letters() -> None:
    """Delete what 0001 can neither hold nor render, before anything is written in clear."""
    foreign = "key <> 'notice.changed' OR event_id IS NULL OR aspiration_id IS NULL"
    op.execute(f"DELETE FROM outbox WHERE notice_id IN (SELECT id FROM notice WHERE {foreign})")
    op.execute(f"DELETE FROM notice WHERE {foreign}")


def park_notices() -> None:
    """SQLite alters a table by copying and dropping it, which outbox rows that name its rows would forbid."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE TEMP TABLE parked AS SELECT id, notice_id FROM outbox WHERE notice_id IS NOT NULL")
        op.execute("UPDATE outbox SET notice_id = NULL WHERE notice_id IS NOT NULL")


def fetch_notices() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "UPDATE outbox SET notice_id = parked.notice_id FROM parked WHERE parked.id = outbox.id"
        )
        op.execute("DROP TABLE parked")


def unseal_chats() -> None:
    """Write the states that were sealed as plain text: the version before reads no other."""
    connection = op.get_bind()
    sealed = sa.table("chat", sa.column("id"), sa.column("state", Sealable()))
    plain = sa.table("chat", sa.column("id"), sa.column("state", sa.Text()))
    found = sa.select(sealed.c.id, sealed.c.state).where(sealed.c.state.startswith("gAAAA"))
    for row in connection.execute(found).all():
        connection.execute(sa.update(plain).where(plain.c.id == row.id).values(state=row.state))


def convert(old: sa.types.TypeEngine, new: sa.types.TypeEngine) -> None:
    """Write the parameters of each notice anew, encrypted or plain."""
    connection = op.get_bind()
    before = sa.table("notice", sa.column("id"), sa.column("params", old))
    after = sa.table("notice", sa.column("id"), sa.column("params", new))
    for row in connection.execute(sa.select(before.c.id, before.c.params)).all():
        connection.execute(sa.update(after).where(after.c.id == row.id).values(params=row.params))
