import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ name: 'leads' })
export class Lead {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  email: string;

  @Column('int', { name: 'paid_cents', default: 0 })
  paidCents: number;
}
